// One page of a deck. The browser picks the image width it needs; the shape is kept while it loads.
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../ui/Icon';
import { imageAddress, slideTitle } from './image';
import type { Deck, DeckPage } from './messages';
import { Picture } from './Picture';
import { slideTexts } from './texts';

interface SlideImageProps {
  deck: Deck;
  page: DeckPage;
  /** How wide it is on the screen, as in the sizes attribute. */
  sizes: string;
  /** Without a text of its own, because a text beside it says the same. */
  plain?: boolean;
  lazy?: boolean;
  /** The address of an image that was received ahead of its page. */
  ahead?: string | null;
}

function sourceSet(deck: Deck, page: DeckPage): string {
  return page.images
    .map((image) => `${imageAddress(deck.id, page.page, image.width)} ${image.width}w`)
    .join(', ');
}

/** "Slide 2 of 12: Title". */
export function pageName(deck: Deck, page: DeckPage): string {
  const t = slideTexts();
  const place = t.page(page.page, deck.page_count ?? deck.pages.length);
  const title = slideTitle(page);
  return title ? t.titled(place, title) : place;
}

export function SlideImage({ deck, page, sizes, plain, lazy, ahead }: SlideImageProps) {
  const t = slideTexts();
  const shape = `${page.width ?? 16} / ${page.height ?? 9}`;
  const widest = page.images.at(-1);
  if (page.state === 'failed' || !widest)
    return (
      <div class="slide slide--failed" style={{ aspectRatio: shape }}>
        <Icon name="alert" size={28} />
        <p>{t.failed}</p>
      </div>
    );
  const alt = plain ? '' : pageName(deck, page);
  const tall = widest.height > widest.width ? ' slide--tall' : '';
  return (
    <Picture
      class={`slide${tall}`}
      shape={shape}
      src={ahead ?? imageAddress(deck.id, page.page, widest.width)}
      srcset={ahead ? undefined : sourceSet(deck, page)}
      sizes={sizes}
      width={widest.width}
      height={widest.height}
      alt={alt}
      lazy={lazy === true}
    />
  );
}

/**
 * Fetches the image of the next page, so that a change of slide shows at once. Each browser waits a
 * random time of at most `spread` milliseconds, because all of them change slides at the same moment.
 * Null: the server sends the image by itself.
 */
export function usePreload(deck: Deck | null, page: number, sizes: string, spread: number | null): void {
  const kept = useRef<HTMLImageElement | null>(null);
  useEffect(() => {
    const next = deck?.pages.find((found) => found.page === page + 1 && found.state === 'ready');
    if (!deck || !next || spread === null) return;
    const timer = setTimeout(() => {
      const image = new Image();
      image.sizes = sizes;
      image.srcset = sourceSet(deck, next);
      kept.current = image;
    }, Math.random() * spread);
    return () => clearTimeout(timer);
  }, [deck, page, sizes, spread]);
}
