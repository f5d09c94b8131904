// The session part of server/PROTOCOL.md#session.
import { type Decoded, number, object } from '../../net/decode';
import { declared, type person, type session } from './declared';

export const messages = {
  ...declared,
  /** A moved slide counts the session's version up. */
  follows: { 'slide.moved': object({ version: number }) },
};

export type Messages = typeof messages;
export type LiveSession = Decoded<typeof session>;
export type Person = Decoded<typeof person>;
