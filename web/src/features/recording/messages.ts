// The recording's part of server/features/recording/PROTOCOL.md.
import { declared } from './declared';

export const messages = declared;

export type Messages = typeof messages;
