// The polls that this member may see, the person's own votes, and the tallies that are shown.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Call, type EventOf, type LiveStore, liveStore, type StateOf } from '../../state/store';
import { type Messages, messages, type Poll, type Tally } from './messages';

export type PollVerb = 'open' | 'close' | 'show_results' | 'hide_results';

export class PollStore implements LiveStore<Messages> {
  readonly polls = signal<readonly Poll[]>([]);
  readonly votes = signal<ReadonlyMap<string, readonly number[]>>(new Map());
  readonly tallies = signal<ReadonlyMap<string, Tally>>(new Map());
  readonly open = computed(() => this.polls.value.filter((p) => p.state === 'open'));
  /** The polls that HCPs see: open ones, and closed ones whose results are shown. */
  readonly visible = computed(() =>
    this.polls.value.filter((p) => p.state === 'open' || (p.state === 'closed' && p.results_shown)),
  );
  /** An open poll that this person has not answered. */
  readonly unanswered = computed(() => this.open.value.find((p) => !this.votes.value.has(p.id)));

  constructor(private readonly call: Call<Messages>) {}

  snapshot(common: Decoded<Messages['common']>, own: Decoded<Messages['own']>): void {
    this.polls.value = sorted(common.polls);
    this.votes.value = new Map((own.polls ?? []).map((vote) => [vote.poll, vote.choices]));
    this.tallies.value = new Map();
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'poll.opened':
        return this.put(data.poll);
      case 'poll.closed':
        return this.merge(data.id, { state: 'closed', closed_at: data.closed_at });
      case 'poll.results_shown':
        return this.merge(data.id, { results_shown: true });
      case 'poll.results_hidden':
        return this.merge(data.id, { results_shown: false });
      case 'poll.changed':
        return 'poll' in data ? this.put(data.poll) : this.remove(data.id);
    }
  }

  state({ key, data }: StateOf<Messages>): void {
    this.tallies.value = new Map(this.tallies.value).set(key, data);
  }

  async vote(id: string, choices: readonly number[]): Promise<void> {
    const counted = await this.call('poll.vote', { poll: id, choices });
    this.votes.value = new Map(this.votes.value).set(id, counted.choices);
  }

  run(id: string, verb: PollVerb): Promise<unknown> {
    return this.call(`poll.${verb}`, { poll: id });
  }

  private remove(id: string): void {
    this.polls.value = this.polls.value.filter((p) => p.id !== id);
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

export const pollStore = liveStore(messages, (call) => new PollStore(call));
