// The questions part of server/PROTOCOL.md#questions.
import { array, boolean, number, object, oneOf, optional, string } from '../../net/decode';

export const questionState = oneOf('asked', 'approved', 'answered', 'dismissed');
export const question = object({
  id: string,
  text: string,
  author: optional(string),
  anonymous: boolean,
  asked_at: string,
  state: questionState,
  votes: number,
});
const mine = object({
  id: string,
  text: string,
  state: questionState,
  asked_at: string,
  votes: number,
});
export const commonQuestions = array(question);
export const ownQuestions = object({ asked: array(mine), voted: array(string) });
export const withQuestion = object({ question });
export const change = object({ id: string, state: questionState, votes: number });
export const hidden = object({ id: string });
/** The author of these questions was renamed, or erased (null). */
export const author = object({ questions: array(string), author: optional(string) });
export const votes = object({ votes: number });

export type Question = ReturnType<typeof question>;
export type QuestionState = Question['state'];
export type MyQuestion = ReturnType<typeof mine>;
