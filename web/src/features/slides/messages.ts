// The slides part of server/PROTOCOL.md#slides.
import {
  array,
  boolean,
  type Decoded,
  either,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

const image = object({ width: number, height: number, bytes: number });
const page = object({
  page: number,
  state: oneOf('ready', 'failed'),
  width: optional(number),
  height: optional(number),
  text: string,
  images: array(image),
});
const deck = object({
  id: string,
  file_name: string,
  page_count: optional(number),
  state: optional(oneOf('rendering', 'ready', 'failed')),
  pages: array(page),
});
const position = object({ deck: string, page: number });
const progress = object({ pages_done: number, page_count: optional(number) });
/** Who brings the image of the next page, and over which time all members get it. */
const receiving = object({ by: oneOf('websocket', 'http'), spread_ms: number });

export const messages = {
  common: object({ slides: object({ position: optional(position), decks: array(deck) }) }),
  own: unknown,
  events: {
    'slide.deck': object({ deck }),
    'slide.moved': object({ version: number, deck: string, page: number }),
    /** A whole deck, or the id of one that was removed. */
    'deck.changed': object({
      deck: either('removed', object({ id: string, removed: boolean }), deck),
    }),
  },
  states: { 'deck.progress': progress },
  commands: { 'slide.move': unknown, 'slide.receive': receiving },
};

/** The header of a piece of a slide image that comes ahead of its page. */
export const imageHeader = object({
  deck: string,
  page: number,
  width: number,
  offset: number,
  total: number,
});

export type Messages = typeof messages;
export type Receiving = Decoded<typeof receiving>;
export type Deck = Decoded<typeof deck>;
export type DeckPage = Decoded<typeof page>;
export type Position = Decoded<typeof position>;
export type Progress = Decoded<typeof progress>;
