// The polls part of server/PROTOCOL.md#polls.
import { array, boolean, number, object, oneOf, optional, string } from '../../net/decode';

export const poll = object({
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
export const commonPolls = array(poll);
export const ownPolls = array(object({ poll: string, choices: array(number) }));
export const withPoll = object({ poll });
export const closed = object({ id: string, closed_at: string });
export const named = object({ id: string });
export const removed = object({ id: string, removed: boolean });
export const tally = object({ voters: number, counts: array(number) });
export const voted = object({ choices: array(number) });

export type Poll = ReturnType<typeof poll>;
export type Tally = ReturnType<typeof tally>;
