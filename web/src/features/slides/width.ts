// How wide the slide is on the screen, in the pixels of images.

/** As the sizes attribute has it: beside the panel on a wide screen, else the whole width. */
export const STAGE_SIZES = '(min-width: 1080px) calc(100vw - 440px), 100vw';

export function stageWidth(): number {
  const wide = matchMedia('(min-width: 1080px)').matches;
  return Math.max(1, Math.round((innerWidth - (wide ? 440 : 0)) * devicePixelRatio));
}
