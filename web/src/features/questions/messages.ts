// server/PROTOCOL.md#questions.
import { array, type Decoded, literal, nullable, number, object, oneOf, string } from '../../net/decode';

export const questionState = oneOf('asked', 'approved', 'answered', 'dismissed');
export const question = object({
  id: string,
  text: string,
  author: nullable(string),
  asked_at: string,
  state: questionState,
  votes: number,
});
export type Question = Decoded<typeof question>;

export const questionsSnapshot = array(question);
export const ownQuestions = object({
  asked: array(
    object({ id: string, text: string, state: questionState, asked_at: string, votes: number }),
  ),
  voted: array(string),
});
export type OwnQuestions = Decoded<typeof ownQuestions>;

export const events = {
  'question.asked': object({ question }),
  'question.changed': object({ id: string, state: questionState }),
  'question.shown': object({ question }),
  'question.closed': object({ id: string, state: literal('answered') }),
  'question.hidden': object({ id: string }),
};
export const states = { 'question.votes': object({ votes: number }) };
export const askAnswer = object({ question: string });
