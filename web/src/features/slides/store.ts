// Which slide is on, and the decks a member may know of.
import { computed, signal } from '@preact/signals';
import type { Event, State } from '../../net/protocol';
import type { LiveStore } from '../../state/store';
import {
  type Deck,
  deck,
  deckChanged,
  deckShown,
  moved,
  type Position,
  type Progress,
  progress,
  slides,
} from './messages';

export class SlideStore implements LiveStore {
  readonly decks = signal<readonly Deck[]>([]);
  readonly position = signal<Position | null>(null);
  readonly progress = signal<ReadonlyMap<string, Progress>>(new Map());
  readonly deck = computed(
    () => this.decks.value.find((found) => found.id === this.position.value?.deck) ?? null,
  );

  snapshot(common: Record<string, unknown>): void {
    const now = slides(common.slides, 'slides');
    this.decks.value = now.decks;
    this.position.value = now.position;
    this.progress.value = new Map();
  }

  event({ event, data }: Event): void {
    if (event === 'slide.deck') this.put(deckShown(data).deck);
    else if (event === 'slide.moved') {
      const { deck: id, page } = moved(data);
      this.position.value = { deck: id, page };
    } else if (event === 'deck.changed') this.change(data);
  }

  state({ state, key, data }: State): void {
    if (state !== 'deck.progress') return;
    this.progress.value = new Map(this.progress.value).set(key, progress(data));
  }

  private change(data: unknown): void {
    const { id, removed } = deckChanged(data).deck;
    if (removed) this.decks.value = this.decks.value.filter((found) => found.id !== id);
    else this.put(deck((data as { deck: unknown }).deck));
  }

  private put(next: Deck): void {
    const known = this.decks.value.some((found) => found.id === next.id);
    this.decks.value = known
      ? this.decks.value.map((found) => (found.id === next.id ? next : found))
      : [...this.decks.value, next];
  }
}
