// The addresses of page images, and the width of the slide on the screen in device pixels.

/** For the sizes attribute: the slide is beside the panel on a wide screen, else it has the whole width. */
export const STAGE_SIZES = '(min-width: 1080px) calc(100vw - 440px), 100vw';

export function stageWidth(): number {
  const wide = matchMedia('(min-width: 1080px)').matches;
  return Math.max(1, Math.round((innerWidth - (wide ? 440 : 0)) * devicePixelRatio));
}

export const imageAddress = (deck: string, page: number, width: number): string =>
  `/api/decks/${deck}/pages/${page}/${width}`;
