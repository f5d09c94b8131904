// The programme part of server/PROTOCOL.md#programme.
import type { Decoded } from '../../net/decode';
import { declared, type programme } from './declared';

export const messages = declared;

export type Messages = typeof messages;
export type Programme = Decoded<typeof programme>;
