// The polls part of server/PROTOCOL.md#polls.
import type { Decoded } from '../../net/decode';
import { declared, type poll, type tally } from './declared';

export const messages = declared;

export type Messages = typeof messages;
export type Poll = Decoded<typeof poll>;
export type Tally = Decoded<typeof tally>;
