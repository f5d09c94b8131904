// Questions as this member sees them: staff all of them, HCPs those that were approved and their own.
import { computed, signal } from '@preact/signals';
import type { Event, State } from '../../net/protocol';
import type { Call, LiveStore } from '../../state/store';
import {
  author,
  change,
  commonQuestions,
  hidden,
  type MyQuestion,
  ownQuestions,
  type Question,
  votes,
  withQuestion,
} from './messages';

export class QuestionStore implements LiveStore {
  readonly questions = signal<readonly Question[]>([]);
  readonly mine = signal<readonly MyQuestion[]>([]);
  readonly voted = signal<ReadonlySet<string>>(new Set());
  /** Most wanted first, then in the order they were asked. */
  readonly ranked = computed(() =>
    [...this.questions.value].sort(
      (a, b) => b.votes - a.votes || (a.asked_at < b.asked_at ? -1 : 1),
    ),
  );

  constructor(
    private readonly call: Call,
    private readonly staff: boolean,
  ) {}

  snapshot(common: Record<string, unknown>, own: Record<string, unknown>): void {
    this.questions.value = commonQuestions(common.questions, 'questions');
    const mine = own.questions === undefined ? null : ownQuestions(own.questions, 'own.questions');
    this.mine.value = mine?.asked ?? [];
    this.voted.value = new Set(mine?.voted ?? []);
  }

  event({ event, data }: Event): void {
    switch (event) {
      case 'question.asked':
        return this.asked(withQuestion(data).question);
      case 'question.shown':
        return this.put(withQuestion(data).question);
      case 'question.changed':
      case 'question.closed':
        return this.changed(change(data));
      case 'question.hidden':
        this.questions.value = this.questions.value.filter((q) => q.id !== hidden(data).id);
        return;
      case 'question.author':
        return this.renamed(author(data));
    }
  }

  state({ state, key, data }: State): void {
    if (state !== 'question.votes') return;
    const count = votes(data).votes;
    const set = <Q extends { id: string; votes: number }>(q: Q): Q =>
      q.id === key ? { ...q, votes: count } : q;
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

  moderate(id: string, verb: 'approve' | 'answer' | 'dismiss'): Promise<unknown> {
    return this.call(`question.${verb}`, { question: id });
  }

  isMine(id: string): boolean {
    return this.mine.value.some((q) => q.id === id);
  }

  private asked(question: Question): void {
    if (this.staff) return this.put(question);
    if (!this.isMine(question.id)) this.mine.value = [...this.mine.value, question];
  }

  private put(question: Question): void {
    const others = this.questions.value.filter((q) => q.id !== question.id);
    this.questions.value = [...others, question];
  }

  private renamed(named: ReturnType<typeof author>): void {
    this.questions.value = this.questions.value.map((q) =>
      named.questions.includes(q.id) ? { ...q, author: named.author } : q,
    );
  }

  private changed({ id, state, votes }: ReturnType<typeof change>): void {
    const set = <Q extends Pick<Question, 'id' | 'state' | 'votes'>>(q: Q): Q =>
      q.id === id ? { ...q, state, votes } : q;
    this.questions.value = this.questions.value.map(set);
    this.mine.value = this.mine.value.map(set);
  }
}
