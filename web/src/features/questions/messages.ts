// The questions part of server/PROTOCOL.md#questions.
import type { Decoded } from '../../net/decode';
import { type change, declared, type mine, type question } from './declared';

export const messages = declared;

export type Messages = typeof messages;
export type Question = Decoded<typeof question>;
export type QuestionState = Question['state'];
export type MyQuestion = Decoded<typeof mine>;
export type QuestionChange = Decoded<typeof change>;
