// The slides part of server/PROTOCOL.md#slides.
import { array, boolean, number, object, oneOf, optional, string } from '../../net/decode';

const image = object({ width: number, height: number, bytes: number });
const page = object({
  page: number,
  state: oneOf('ready', 'failed'),
  width: optional(number),
  height: optional(number),
  text: string,
  images: array(image),
});
export const deck = object({
  id: string,
  file_name: string,
  page_count: optional(number),
  state: optional(oneOf('rendering', 'ready', 'failed')),
  pages: array(page),
});
export const position = object({ deck: string, page: number });
export const slides = object({ position: optional(position), decks: array(deck) });
export const moved = object({ version: number, deck: string, page: number });
export const deckShown = object({ deck });
/** `deck.changed`: a whole deck, or the id of one that was removed. */
export const deckChanged = object({ deck: object({ id: string, removed: optional(boolean) }) });
export const progress = object({ pages_done: number, page_count: optional(number) });
/** The answer to `slide.receive`: how the next page's image comes, and over which time. */
export const receiving = object({ by: oneOf('websocket', 'http'), spread_ms: number });
/** The header of a slide image that came ahead. */
export const imageHeader = object({ deck: string, page: number, width: number });

export type Receiving = ReturnType<typeof receiving>;
export type Deck = ReturnType<typeof deck>;
export type DeckPage = ReturnType<typeof page>;
export type Position = ReturnType<typeof position>;
export type Progress = ReturnType<typeof progress>;
