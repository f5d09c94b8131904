// The polls that this member may see, the person's own votes, and the tallies that are shown.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Call, type EventOf, type LiveStore, liveStore, type StateOf } from '../../state/store';
import { type Messages, messages, type Poll, type Tally } from './messages';

export type PollVerb = 'open' | 'close' | 'show_results' | 'hide_results';

/** What happened to a poll, each with a number of its own. */
export interface PollNews {
  number: number;
  what: 'opened' | 'closed' | 'results';
  poll: Poll;
}

export class PollStore implements LiveStore<Messages> {
  readonly polls = signal<readonly Poll[]>([]);
  readonly votes = signal<ReadonlyMap<string, readonly number[]>>(new Map());
  readonly tallies = signal<ReadonlyMap<string, Tally>>(new Map());
  readonly news = signal<PollNews | null>(null);
  /** The poll whose results the host has just shown; until the next slide, or until they are hidden. */
  readonly staged = signal<string | null>(null);
  readonly open = computed(() => this.polls.value.filter((p) => p.state === 'open'));
  /** The polls that HCPs see: open ones, and closed ones whose results are shown. */
  readonly visible = computed(() =>
    this.polls.value.filter((p) => p.state === 'open' || (p.state === 'closed' && p.results_shown)),
  );
  /** An open poll that this person has not answered. */
  readonly unanswered = computed(() => this.open.value.find((p) => !this.votes.value.has(p.id)));

  private known = false;
  private told = 0;

  constructor(private readonly call: Call<Messages>) {}

  snapshot(common: Decoded<Messages['common']>, own: Decoded<Messages['own']>): void {
    const open = new Set(this.open.value.map((poll) => poll.id));
    const before = this.known;
    this.known = true;
    this.polls.value = sorted(common.polls);
    this.votes.value = new Map((own.polls ?? []).map((vote) => [vote.poll, vote.choices]));
    this.tallies.value = new Map();
    this.staged.value = null;
    const missed = this.open.value.find((poll) => !open.has(poll.id));
    if (before && missed) this.tell('opened', missed.id);
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'poll.opened':
        this.put(data.poll);
        return this.tell('opened', data.poll.id);
      case 'poll.closed':
        this.merge(data.id, { state: 'closed', closed_at: data.closed_at });
        return this.tell('closed', data.id);
      case 'poll.results_shown':
        this.merge(data.id, { results_shown: true });
        this.staged.value = data.id;
        return this.tell('results', data.id);
      case 'poll.results_hidden':
        this.merge(data.id, { results_shown: false });
        if (this.staged.value === data.id) this.staged.value = null;
        return;
      case 'slide.moved':
        this.staged.value = null;
        return;
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

  /** This person wants to see the slide again. */
  unstage(): void {
    this.staged.value = null;
  }

  run(id: string, verb: PollVerb): Promise<unknown> {
    return this.call(`poll.${verb}`, { poll: id });
  }

  private tell(what: PollNews['what'], id: string): void {
    const poll = this.polls.value.find((found) => found.id === id);
    if (poll) this.news.value = { number: ++this.told, what, poll };
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
