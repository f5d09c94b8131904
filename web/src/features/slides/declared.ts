// Made by `make docs` from server/features/slides/slides_feature.c; not to be edited.
import {
  array,
  boolean,
  either,
  nullable,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

export const link = object({ x: number, y: number, width: number, height: number, url: string });
export const page = object({
  page: number,
  state: oneOf('ready', 'failed'),
  shown: boolean,
  width: nullable(number),
  height: nullable(number),
  text: string,
  text_cut: boolean,
  links: array(link),
  images: array(object({ width: number, height: number, bytes: number })),
  error: optional(string),
  warnings: optional(array(string)),
  notes: optional(string),
  notes_cut: optional(boolean),
});
export const deck = object({
  id: string,
  file_name: string,
  page_count: nullable(number),
  pages: array(page),
  state: optional(oneOf('rendering', 'ready', 'failed')),
  error: optional(string),
  created_at: optional(string),
  bytes: optional(number),
});
export const moment = object({ stream: number, timestamp: number });
export const position = object({ deck: string, page: number });
export const progress = object({ pages_done: number, page_count: nullable(number) });
export const receiving = object({ by: oneOf('websocket', 'http'), spread_ms: number });

export const declared = {
  common: object({ slides: object({ position: nullable(position), decks: array(deck) }) }),
  own: unknown,
  events: {
    'deck.changed': object({
      deck: either('removed', object({ id: string, removed: boolean }), deck),
    }),
    'slide.deck': object({ deck }),
    'slide.moved': object({
      version: number,
      deck: string,
      page: number,
      text: optional(string),
      text_cut: optional(boolean),
      links: optional(array(link)),
      media: optional(moment),
    }),
  },
  states: { 'deck.progress': progress },
  commands: { 'slide.move': object({ version: number }), 'slide.receive': receiving },
};
