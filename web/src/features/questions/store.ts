// The questions that this member may see: staff see all, HCPs the approved ones and their own.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Call, type EventOf, type LiveStore, liveStore, type StateOf } from '../../state/store';
import {
  type Messages,
  messages,
  type MyQuestion,
  type Question,
  type QuestionChange,
} from './messages';

export type QuestionVerb = 'approve' | 'answer' | 'dismiss';

export class QuestionStore implements LiveStore<Messages> {
  readonly questions = signal<readonly Question[]>([]);
  readonly mine = signal<readonly MyQuestion[]>([]);
  readonly voted = signal<ReadonlySet<string>>(new Set());
  /** The own question on which a moderator decided last. */
  readonly decided = signal<MyQuestion | null>(null);
  /** The question that is being answered, large before everybody; one that was erased is not shown. */
  private readonly stagedId = signal<string | null>(null);
  readonly staged = computed(
    () => this.questions.value.find((q) => q.id === this.stagedId.value && q.state === 'approved' && q.text) ?? null,
  );
  /** What a person is told next: a decision on their own question, or what is being answered. */
  readonly told = signal<'decided' | 'staged'>('decided');
  /** For staff: the id of the question that came last. */
  readonly arrived = signal<string | null>(null);
  /** How many wait for a moderator. */
  readonly waiting = computed(() => this.questions.value.filter((q) => q.state === 'asked').length);
  /** Most wanted first, then in the order they were asked. */
  readonly ranked = computed(() =>
    [...this.questions.value].sort(
      (a, b) => b.votes - a.votes || (a.asked_at < b.asked_at ? -1 : 1),
    ),
  );

  constructor(
    private readonly call: Call<Messages>,
    private readonly staff: boolean,
  ) {}

  snapshot(common: Decoded<Messages['common']>, own: Decoded<Messages['own']>): void {
    this.questions.value = common.questions;
    this.stagedId.value = common.questions.find((q) => q.staged)?.id ?? null;
    this.mine.value = own.questions?.asked ?? [];
    this.voted.value = new Set(own.questions?.voted ?? []);
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'question.asked':
        return this.asked(data.question);
      case 'question.shown':
        return this.put(data.question);
      case 'question.changed':
      case 'question.closed':
        return this.changed(data);
      case 'question.staged':
        return this.stage(data.question);
      case 'question.hidden':
        this.questions.value = this.questions.value.filter((q) => q.id !== data.id);
        if (this.stagedId.value === data.id) this.stagedId.value = null;
        return;
      case 'question.author':
        return this.say(data.questions, { author: data.author });
      case 'question.erased':
        return this.say(data.questions, { author: null, text: '' });
    }
  }

  state({ key, data: { votes } }: StateOf<Messages>): void {
    const set = <Q extends { id: string; votes: number }>(q: Q): Q =>
      q.id === key ? { ...q, votes } : q;
    this.questions.value = this.questions.value.map(set);
    this.mine.value = this.mine.value.map(set);
  }

  async ask(text: string, anonymous: boolean): Promise<void> {
    await this.call('question.ask', { question: crypto.randomUUID(), text, anonymous });
  }

  async vote(id: string): Promise<void> {
    await this.call('question.vote', { question: id });
    this.voted.value = new Set(this.voted.value).add(id);
  }

  putOnScreen(id: string, on: boolean): Promise<unknown> {
    return this.call('question.stage', { question: id, on });
  }

  moderate(id: string, verb: QuestionVerb): Promise<unknown> {
    return this.call(`question.${verb}`, { question: id });
  }

  isMine(id: string): boolean {
    return this.mine.value.some((q) => q.id === id);
  }

  private asked(question: Question): void {
    if (this.staff) {
      this.put(question);
      this.arrived.value = question.id;
      return;
    }
    if (!this.isMine(question.id)) this.mine.value = [...this.mine.value, question];
  }

  private stage(id: string | null): void {
    this.stagedId.value = id;
    if (id) this.told.value = 'staged';
  }

  private put(question: Question): void {
    const others = this.questions.value.filter((q) => q.id !== question.id);
    this.questions.value = [...others, question];
  }

  private say(ids: readonly string[], what: Pick<Question, 'author'> & { text?: string }): void {
    this.questions.value = this.questions.value.map((q) =>
      ids.includes(q.id) ? { ...q, ...what } : q,
    );
  }

  private changed({ id, state, votes }: QuestionChange): void {
    const set = <Q extends Pick<Question, 'id' | 'state' | 'votes'>>(q: Q): Q =>
      q.id === id ? { ...q, state, votes } : q;
    this.questions.value = this.questions.value.map(set);
    this.mine.value = this.mine.value.map(set);
    // Put back later, it has to be put on the screen anew.
    if (id === this.stagedId.value && state !== 'approved') this.stagedId.value = null;
    const mine = this.mine.value.find((q) => q.id === id);
    if (!mine) return;
    this.decided.value = mine;
    this.told.value = 'decided';
  }
}

export const questionStore = liveStore(messages, (call, staff) => new QuestionStore(call, staff));
