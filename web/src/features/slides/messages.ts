// server/PROTOCOL.md#slides.
import {
  array,
  boolean,
  type Decoded,
  DecodeError,
  type Decoder,
  nullable,
  number,
  object,
  oneOf,
  optional,
  string,
} from '../../net/decode';

export const deckPage = object({
  page: number,
  state: oneOf('ready', 'failed'),
  width: optional(number),
  height: optional(number),
  text: string,
  error: optional(string),
  images: array(object({ width: number, height: number, bytes: number })),
});
export type DeckPage = Decoded<typeof deckPage>;

export const deck = object({
  id: string,
  file_name: string,
  page_count: nullable(number),
  pages: array(deckPage),
});
export type Deck = Decoded<typeof deck>;

export const position = object({ deck: string, page: number });
export const slidesSnapshot = object({ position: nullable(position), decks: array(deck) });
export type SlidesSnapshot = Decoded<typeof slidesSnapshot>;

const removed = object({ deck: object({ id: string }), removed: boolean });
/** A deck that changed, or the id of one that was removed. */
export const deckChanged: Decoder<{ deck: Deck } | { removed: string }> = (value, path) => {
  if (typeof value === 'object' && value !== null && 'removed' in value) {
    const gone = removed(value, path);
    if (!gone.removed) throw new DecodeError('removed', 'true');
    return { removed: gone.deck.id };
  }
  return object({ deck })(value, path);
};

export const events = {
  'slide.moved': object({ version: number, deck: string, page: number }),
  'slide.deck': object({ deck }),
  'deck.changed': deckChanged,
};
export const states = {
  'deck.progress': object({ pages_done: number, page_count: number }),
};
export const slideImage = object({ deck: string, page: number, width: number });
