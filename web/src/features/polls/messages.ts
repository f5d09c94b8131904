// server/PROTOCOL.md#polls.
import {
  array,
  boolean,
  type Decoded,
  type Decoder,
  nullable,
  number,
  object,
  oneOf,
  string,
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
export type Poll = Decoded<typeof poll>;

export const pollsSnapshot = array(poll);
export const ownPolls = array(object({ poll: string, choices: array(number) }));

const removed = object({ id: string, removed: boolean });
export const pollChanged: Decoder<{ poll: Poll } | { removed: string }> = (value, path) => {
  if (typeof value === 'object' && value !== null && 'removed' in value)
    return { removed: removed(value, path).id };
  return object({ poll })(value, path);
};

export const events = {
  'poll.opened': object({ poll }),
  'poll.closed': object({ id: string, closed_at: string }),
  'poll.results_shown': object({ id: string }),
  'poll.results_hidden': object({ id: string }),
  'poll.changed': pollChanged,
};
export const tally = object({ voters: number, counts: array(number) });
export type Tally = Decoded<typeof tally>;
export const states = { 'poll.tally': tally };
export const voteAnswer = object({ choices: array(number) });
