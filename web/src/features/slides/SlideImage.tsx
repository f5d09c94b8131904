// One page of a deck as the browser shows it best: the width it needs, its shape kept while it loads.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../net/api';
import { Icon } from '../../ui/Icon';
import type { Deck, DeckPage } from './messages';
import { slideTexts } from './texts';

interface SlideImageProps {
  deck: Deck;
  page: DeckPage;
  /** How wide it is on the screen, as in the sizes attribute. */
  sizes: string;
  /** Decoration beside a text that says the same. */
  plain?: boolean;
  lazy?: boolean;
}

export function sourceSet(deck: Deck, page: DeckPage): string {
  return page.images
    .map((image) => `${api.pagePath(deck.id, page.page, image.width)} ${image.width}w`)
    .join(', ');
}

export function SlideImage({ deck, page, sizes, plain, lazy }: SlideImageProps) {
  const t = slideTexts();
  const shape = { aspectRatio: `${page.width ?? 16} / ${page.height ?? 9}` };
  const widest = page.images.at(-1);
  if (page.state === 'failed' || !widest)
    return (
      <div class="slide slide--failed" style={shape}>
        <Icon name="alert" size={28} />
        <p>{t.failed}</p>
      </div>
    );
  const alt = plain ? '' : t.page(page.page, deck.page_count ?? deck.pages.length);
  return (
    <img
      class="slide"
      style={shape}
      src={api.pagePath(deck.id, page.page, widest.width)}
      srcset={sourceSet(deck, page)}
      sizes={sizes}
      width={widest.width}
      height={widest.height}
      alt={alt}
      loading={lazy ? 'lazy' : 'eager'}
      decoding="async"
    />
  );
}

/** Fetches the pages around the one that is on, so that a change shows at once. */
export function usePreload(deck: Deck | null, page: number, sizes: string): void {
  const [, keep] = useState<HTMLImageElement[]>([]);
  useEffect(() => {
    if (!deck) return;
    const wanted = [page + 1, page + 2]
      .map((number) => deck.pages.find((found) => found.page === number))
      .filter((found): found is DeckPage => found?.state === 'ready');
    keep(
      wanted.map((found) => {
        const image = new Image();
        image.sizes = sizes;
        image.srcset = sourceSet(deck, found);
        return image;
      }),
    );
  }, [deck, page, sizes]);
}
