// The polls part of server/PROTOCOL.md#polls.
import {
  array,
  boolean,
  type Decoded,
  either,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

const poll = object({
  id: string,
  position: number,
  question: string,
  choice: oneOf('single', 'multiple'),
  state: oneOf('draft', 'open', 'closed'),
  results_shown: boolean,
  opened_at: optional(string),
  closed_at: optional(string),
  options: array(object({ position: number, text: string })),
});
const tally = object({ voters: number, counts: array(number) });
const vote = object({ poll: string, choices: array(number) });

export const messages = {
  common: object({ polls: array(poll) }),
  own: object({ polls: optional(array(vote)) }),
  events: {
    'poll.opened': object({ poll }),
    'poll.closed': object({ id: string, closed_at: string }),
    'poll.results_shown': object({ id: string }),
    'poll.results_hidden': object({ id: string }),
    'poll.changed': either('removed', object({ id: string, removed: boolean }), object({ poll })),
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

export type Messages = typeof messages;
export type Poll = Decoded<typeof poll>;
export type Tally = Decoded<typeof tally>;
