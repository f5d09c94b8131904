// The addresses of page images, the width of the slide on the screen, and what a slide is called.
import type { DeckPage } from './messages';

/** The screens on which the panels stand beside the slide, as in app/live/live.css, and their width. */
const BESIDE = [
  { media: '(min-width: 960px)', taken: 440 },
  { media: '(min-width: 640px) and (max-height: 480px) and (pointer: coarse)', taken: 280 },
] as const;

/** For the sizes attribute. */
export const STAGE_SIZES = [
  ...BESIDE.map(({ media, taken }) => `${media} calc(100vw - ${taken}px)`),
  '100vw',
].join(', ');
export const FULL_SIZES = '100vw';

/** In device pixels; `full`: over the whole screen. */
export function stageWidth(full = false): number {
  const taken = BESIDE.find(({ media }) => matchMedia(media).matches)?.taken ?? 0;
  return Math.max(1, Math.round((innerWidth - (full ? 0 : taken)) * devicePixelRatio));
}

/** The image that the browser would choose for that many device pixels. */
export function bestWidth(page: DeckPage, wanted: number): number {
  const widths = page.images.map((image) => image.width).sort((a, b) => a - b);
  return widths.find((width) => width >= wanted) ?? widths.at(-1) ?? 0;
}

const TITLE_LENGTH = 80;

/** The first line of the page's text, cut at a word; empty where the page has none. */
export function slideTitle(page: DeckPage): string {
  const line = page.text.split('\n').find((text) => text.trim())?.trim() ?? '';
  if (line.length <= TITLE_LENGTH) return line;
  return `${line.slice(0, TITLE_LENGTH).replace(/\s+\S*$/, '')}…`;
}

export const imageAddress = (deck: string, page: number, width: number): string =>
  `/api/decks/${deck}/pages/${page}/${width}`;
