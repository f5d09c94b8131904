// Which slide is on, and the decks a member may know of.
import { computed, signal } from '@preact/signals';
import { type Event, type Media, MEDIA_SLIDE, type State } from '../../net/protocol';
import type { Call, LiveStore } from '../../state/store';
import {
  type Deck,
  deck,
  deckChanged,
  deckShown,
  imageHeader,
  moved,
  type Position,
  type Progress,
  progress,
  type Receiving,
  receiving,
  slides,
} from './messages';

const KEPT = 4; // images that came ahead; each weighs some 60 KB
const FETCH: Receiving = { by: 'http', spread_ms: 8000 }; // when the server cannot say

export class SlideStore implements LiveStore {
  readonly decks = signal<readonly Deck[]>([]);
  readonly position = signal<Position | null>(null);
  readonly progress = signal<ReadonlyMap<string, Progress>>(new Map());
  readonly deck = computed(
    () => this.decks.value.find((found) => found.id === this.position.value?.deck) ?? null,
  );
  /** How the next page's image comes; null before the server said so. */
  readonly receiving = signal<Receiving | null>(null);
  private readonly images = signal<ReadonlyMap<string, string>>(new Map());

  constructor(private readonly call: Call) {}

  /** Asks for the image of what comes next; each join asks anew. */
  async receive(width: number): Promise<void> {
    this.receiving.value = await this.call('slide.receive', { width }).then(receiving, () => FETCH);
  }

  /** The address of an image that came ahead of its page. */
  image(id: string, page: number): string | null {
    return this.images.value.get(`${id}/${page}`) ?? null;
  }

  media({ kind, header, bytes }: Media): void {
    if (kind !== MEDIA_SLIDE) return;
    const { deck: id, page } = imageHeader(header);
    const images = new Map(this.images.value);
    this.forget(images, `${id}/${page}`);
    images.set(`${id}/${page}`, URL.createObjectURL(new Blob([bytes], { type: 'image/webp' })));
    for (const oldest of [...images.keys()].slice(0, -KEPT)) this.forget(images, oldest);
    this.images.value = images;
  }

  stop(): void {
    const images = new Map(this.images.value);
    for (const key of [...images.keys()]) this.forget(images, key);
    this.images.value = images;
  }

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

  private forget(images: Map<string, string>, key: string): void {
    const address = images.get(key);
    if (address) URL.revokeObjectURL(address);
    images.delete(key);
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
