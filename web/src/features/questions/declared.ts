// Made by `make docs` from server/features/questions/questions_feature.c; not to be edited.
import {
  array,
  boolean,
  nullable,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

export const state = oneOf('asked', 'approved', 'answered', 'dismissed');
export const change = object({ id: string, state, votes: number });
export const mine = object({ id: string, text: string, state, asked_at: string, votes: number });
export const question = object({
  id: string,
  text: string,
  author: nullable(string),
  anonymous: boolean,
  asked_at: string,
  state,
  votes: number,
  staged: optional(boolean),
});

export const declared = {
  common: object({ questions: array(question) }),
  own: object({ questions: object({ asked: array(mine), voted: array(string) }) }),
  events: {
    'question.asked': object({ question }),
    'question.changed': change,
    'question.shown': object({ question }),
    'question.closed': change,
    'question.hidden': object({ id: string }),
    'question.staged': object({ question: nullable(string) }),
    'question.author': object({ questions: array(string), author: string }),
    'question.erased': object({ questions: array(string) }),
  },
  states: { 'question.votes': object({ votes: number }) },
  commands: {
    'question.ask': object({ question: string }),
    'question.vote': unknown,
    'question.approve': unknown,
    'question.answer': unknown,
    'question.dismiss': unknown,
    'question.stage': unknown,
  },
};
