// Polls as this member sees them, this person's votes, and tallies where they may be seen.
import { computed, signal } from '@preact/signals';
import type { Event, State } from '../../net/protocol';
import type { Call, LiveStore } from '../../state/store';
import {
  closed,
  commonPolls,
  named,
  ownPolls,
  type Poll,
  removed,
  type Tally,
  tally,
  voted,
  withPoll,
} from './messages';

export type PollVerb = 'open' | 'close' | 'show_results' | 'hide_results';

export class PollStore implements LiveStore {
  readonly polls = signal<readonly Poll[]>([]);
  readonly votes = signal<ReadonlyMap<string, readonly number[]>>(new Map());
  readonly tallies = signal<ReadonlyMap<string, Tally>>(new Map());
  readonly open = computed(() => this.polls.value.filter((p) => p.state === 'open'));
  /** What an HCP looks at: open polls, and closed ones whose results are shown. */
  readonly visible = computed(() =>
    this.polls.value.filter((p) => p.state === 'open' || (p.state === 'closed' && p.results_shown)),
  );

  constructor(private readonly call: Call) {}

  snapshot(common: Record<string, unknown>, own: Record<string, unknown>): void {
    this.polls.value = sorted(commonPolls(common.polls, 'polls'));
    const mine = own.polls === undefined ? [] : ownPolls(own.polls, 'own.polls');
    this.votes.value = new Map(mine.map((v) => [v.poll, v.choices]));
    this.tallies.value = new Map();
  }

  event({ event, data }: Event): void {
    switch (event) {
      case 'poll.opened':
        return this.put(withPoll(data).poll);
      case 'poll.closed':
        return this.merge(closed(data).id, { state: 'closed', closed_at: closed(data).closed_at });
      case 'poll.results_shown':
        return this.merge(named(data).id, { results_shown: true });
      case 'poll.results_hidden':
        return this.merge(named(data).id, { results_shown: false });
      case 'poll.changed':
        return this.edited(data);
    }
  }

  state({ state, key, data }: State): void {
    if (state === 'poll.tally') this.tallies.value = new Map(this.tallies.value).set(key, tally(data));
  }

  async vote(id: string, choices: readonly number[]): Promise<void> {
    const counted = voted(await this.call('poll.vote', { poll: id, choices }));
    this.votes.value = new Map(this.votes.value).set(id, counted.choices);
  }

  run(id: string, verb: PollVerb): Promise<unknown> {
    return this.call(`poll.${verb}`, { poll: id });
  }

  private edited(data: unknown): void {
    if (typeof data === 'object' && data !== null && 'removed' in data) {
      const { id } = removed(data);
      this.polls.value = this.polls.value.filter((p) => p.id !== id);
    } else this.put(withPoll(data).poll);
  }

  private put(next: Poll): void {
    this.polls.value = sorted([...this.polls.value.filter((p) => p.id !== next.id), next]);
  }

  private merge(id: string, change: Partial<Poll>): void {
    this.polls.value = this.polls.value.map((p) => (p.id === id ? { ...p, ...change } : p));
  }
}

function sorted(polls: readonly Poll[]): Poll[] {
  return [...polls].sort((a, b) => a.position - b.position);
}
