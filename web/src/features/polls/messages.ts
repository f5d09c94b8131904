// The polls part of server/PROTOCOL.md#polls.
import { type Decoded, unknown } from '../../net/decode';
import { declared, type poll, type tally } from './declared';

/** The next slide takes the stage back from results. */
export const messages = { ...declared, follows: { 'slide.moved': unknown } };

export type Messages = typeof messages;
export type Poll = Decoded<typeof poll>;
export type Tally = Decoded<typeof tally>;
