// The presence part of server/PROTOCOL.md#presence-and-participation.
import { declared } from './declared';

export const messages = declared;

export type Messages = typeof messages;
