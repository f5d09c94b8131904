// The questions part of server/PROTOCOL.md#questions.
import {
  array,
  boolean,
  type Decoded,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

const questionState = oneOf('asked', 'approved', 'answered', 'dismissed');
const question = object({
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
const change = object({ id: string, state: questionState, votes: number });

export const messages = {
  common: object({ questions: array(question) }),
  own: object({ questions: optional(object({ asked: array(mine), voted: array(string) })) }),
  events: {
    'question.asked': object({ question }),
    'question.shown': object({ question }),
    'question.changed': change,
    'question.closed': change,
    'question.hidden': object({ id: string }),
    /** The author of these questions was renamed, or erased (null). */
    'question.author': object({ questions: array(string), author: optional(string) }),
  },
  states: { 'question.votes': object({ votes: number }) },
  commands: {
    'question.ask': unknown,
    'question.vote': unknown,
    'question.approve': unknown,
    'question.answer': unknown,
    'question.dismiss': unknown,
  },
};

export type Messages = typeof messages;
export type Question = Decoded<typeof question>;
export type QuestionState = Question['state'];
export type MyQuestion = Decoded<typeof mine>;
export type QuestionChange = Decoded<typeof change>;
