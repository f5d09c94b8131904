// The stage's part of server/features/stage/PROTOCOL.md.
import type { Decoded } from '../../net/decode';
import { declared, type hand, type layout, type person } from './declared';

export const messages = declared;

export type Messages = typeof messages;
export type StagePerson = Decoded<typeof person>;
export type Hand = Decoded<typeof hand>;
export type Layout = Decoded<typeof layout>;
