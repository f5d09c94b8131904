// The slides part of server/PROTOCOL.md#slides.
import { type Decoded, number, object, string } from '../../net/decode';
import {
  type deck,
  declared,
  type link,
  type page,
  type position,
  type progress,
  type receiving,
} from './declared';

export const messages = declared;

/** The header of a piece of a slide image that comes ahead of its page. */
export const imageHeader = object({
  deck: string,
  page: number,
  width: number,
  offset: number,
  total: number,
});

export type Messages = typeof messages;
/** Who brings the image of the next page, and over which time all members get it. */
export type Receiving = Decoded<typeof receiving>;
export type Deck = Decoded<typeof deck>;
export type DeckPage = Decoded<typeof page>;
export type PageLink = Decoded<typeof link>;
export type Position = Decoded<typeof position>;
export type Progress = Decoded<typeof progress>;
