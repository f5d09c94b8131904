// Made by `make docs` from server/features/polls/polls_feature.c; not to be edited.
import {
  array,
  boolean,
  either,
  nullable,
  number,
  object,
  oneOf,
  string,
  unknown,
} from '../../net/decode';

export const poll = object({
  id: string,
  position: number,
  question: string,
  choice: oneOf('single', 'multiple'),
  state: oneOf('draft', 'open', 'closed'),
  results_shown: boolean,
  opened_at: nullable(string),
  closed_at: nullable(string),
  options: array(object({ position: number, text: string })),
});
export const tally = object({ voters: number, counts: array(number) });
export const vote = object({ poll: string, choices: array(number) });

export const declared = {
  common: object({ polls: array(poll) }),
  own: object({ polls: array(vote) }),
  events: {
    'poll.changed': either('id', object({ id: string, removed: boolean }), object({ poll })),
    'poll.opened': object({ poll }),
    'poll.closed': object({ id: string, closed_at: string }),
    'poll.results_shown': object({ id: string }),
    'poll.results_hidden': object({ id: string }),
  },
  states: { 'poll.tally': tally },
  commands: {
    'poll.vote': object({ choices: array(number) }),
    'poll.open': unknown,
    'poll.close': unknown,
    'poll.show_results': unknown,
    'poll.hide_results': unknown,
  },
};
