// Which slide is shown now, and the decks that this member may see.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Media, MEDIA_SLIDE } from '../../net/protocol';
import { voice } from '../../state/voice';
import { type Call, type EventOf, type LiveStore, liveStore, type StateOf } from '../../state/store';
import { bestWidth, stageWidth } from './image';
import {
  type Deck,
  type DeckPage,
  imageHeader,
  type Messages,
  messages,
  type Position,
  type Progress,
  type Receiving,
} from './messages';
import { Pieces } from './pieces';

const KEPT = 4; // images received ahead of their page; each has some 60 KB
interface Received {
  address: string;
  width: number;
}

const FETCH: Receiving = { by: 'http', spread_ms: 8000 }; // when the server did not answer

/** What everybody is told of a deck lacks what is known of it already: staff know more, and texts come with moves. */
function merged(known: Deck, next: Deck): Deck {
  const before = new Map(known.pages.map((page) => [page.page, page]));
  const pages = next.pages.map((page) => {
    const old = before.get(page.page);
    if (!old) return page;
    const { text, text_cut, links } = page.shown ? page : old;
    const { error, warnings, notes, notes_cut } = page.notes === null ? old : page;
    return { ...page, text, text_cut, links, error, warnings, notes, notes_cut };
  });
  return { ...next, pages, state: next.state ?? known.state };
}

type Moved = Extract<EventOf<Messages>, { event: 'slide.moved' }>['data'];

/** With its first time on the screen a page says its text. */
function shown(deck: Deck, moved: Moved): Deck {
  if (deck.id !== moved.deck) return deck;
  const pages = deck.pages.map((page) =>
    page.page === moved.page
      ? {
          ...page,
          shown: true,
          text: moved.text ?? page.text,
          text_cut: moved.text_cut ?? page.text_cut,
          links: moved.links ?? page.links,
        }
      : page,
  );
  return { ...deck, pages };
}

export class SlideStore implements LiveStore<Messages> {
  readonly decks = signal<readonly Deck[]>([]);
  readonly position = signal<Position | null>(null);
  readonly progress = signal<ReadonlyMap<string, Progress>>(new Map());
  readonly deck = computed(
    () => this.decks.value.find((found) => found.id === this.position.value?.deck) ?? null,
  );
  /** How the image of the next page comes; null until the server answered. */
  readonly receiving = signal<Receiving | null>(null);
  private readonly pieces = new Pieces();
  private readonly images = signal<ReadonlyMap<string, Received>>(new Map());
  private asked = 0; // the width
  private carried = false; // nothing but text comes
  private pending: { moved: Moved; cancel: () => void } | null = null; // until its word is heard

  /** `staff` fetch images when they need them, and do not ask for any in advance. */
  constructor(
    private readonly call: Call<Messages>,
    private readonly staff: boolean,
  ) {}

  joined(carried: boolean): void {
    this.carried = carried;
    if (!this.staff) void this.receive(Math.max(this.asked, stageWidth()));
  }

  /** Over the whole screen images are wider; smaller ones that came before are not asked for again. */
  widen(width: number): void {
    if (!this.staff && width > this.asked) void this.receive(width);
  }

  /** Asks the server to send the images of next pages; each connection asks again. */
  async receive(width: number): Promise<void> {
    this.asked = width;
    const answer = await this.call('slide.receive', { width }).catch(() => FETCH);
    this.receiving.value = this.carried ? { ...answer, by: 'http' } : answer;
  }

  /** `version` is the session's: see Room.versioned. */
  move(deck: string, page: number, version: number): Promise<unknown> {
    const media = voice.now();
    return this.call('slide.move', { version, deck, page, ...(media && { media }) });
  }

  /** The address of an image that was received ahead of its page, wide enough for `width` device pixels. */
  image(id: string, page: DeckPage, width: number): string | null {
    const found = this.images.value.get(`${id}/${page.page}`);
    return found && found.width >= bestWidth(page, width) ? found.address : null;
  }

  media({ kind, header, bytes }: Media): void {
    if (kind !== MEDIA_SLIDE) return;
    const { deck: id, page, ...piece } = imageHeader(header);
    const whole = this.pieces.add({ deck: id, page, ...piece }, bytes);
    if (!whole) return;
    const images = new Map(this.images.value);
    this.forget(images, `${id}/${page}`);
    const address = URL.createObjectURL(new Blob([whole], { type: 'image/webp' }));
    images.set(`${id}/${page}`, { address, width: piece.width });
    for (const oldest of [...images.keys()].slice(0, -KEPT)) this.forget(images, oldest);
    this.images.value = images;
  }

  stop(): void {
    this.pending?.cancel();
    const images = new Map(this.images.value);
    for (const key of [...images.keys()]) this.forget(images, key);
    this.images.value = images;
  }

  snapshot({ slides }: Decoded<Messages['common']>): void {
    this.pending?.cancel();
    this.pending = null;
    this.decks.value = slides.decks;
    this.position.value = slides.position;
    this.progress.value = new Map();
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'slide.deck':
        return this.put(data.deck);
      case 'slide.moved':
        return this.moved(data);
      case 'deck.changed':
        return 'removed' in data.deck ? this.remove(data.deck.id) : this.put(data.deck);
    }
  }

  /** A page that belongs to a word is shown when it is heard; those before it are not late then. */
  private moved(moved: Moved): void {
    const { pending } = this;
    pending?.cancel();
    if (pending) this.turn(pending.moved);
    this.pending = null;
    if (!moved.media) return this.turn(moved);
    let heard = false;
    const cancel = voice.whenHeard(moved.media, () => {
      heard = true;
      this.pending = null;
      this.turn(moved);
    });
    if (!heard) this.pending = { moved, cancel };
  }

  private turn(moved: Moved): void {
    this.decks.value = this.decks.value.map((deck) => shown(deck, moved));
    this.position.value = { deck: moved.deck, page: moved.page };
  }

  state({ key, data }: StateOf<Messages>): void {
    this.progress.value = new Map(this.progress.value).set(key, data);
  }

  private forget(images: Map<string, Received>, key: string): void {
    const found = images.get(key);
    if (found) URL.revokeObjectURL(found.address);
    images.delete(key);
  }

  private remove(id: string): void {
    this.decks.value = this.decks.value.filter((found) => found.id !== id);
  }

  private put(next: Deck): void {
    const known = this.decks.value.some((found) => found.id === next.id);
    this.decks.value = known
      ? this.decks.value.map((found) => (found.id === next.id ? merged(found, next) : found))
      : [...this.decks.value, next];
  }
}

export const slideStore = liveStore(messages, (call, staff) => new SlideStore(call, staff));
