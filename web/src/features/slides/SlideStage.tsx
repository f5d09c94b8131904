// The current slide, large, for HCPs. They may look back at earlier slides and return to the current one.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import type { ViewProps } from '../feature';
import { STAGE_SIZES } from './image';
import type { Deck } from './messages';
import { SlideImage, usePreload } from './SlideImage';
import type { SlideStore } from './store';
import { slideTexts } from './texts';

export function SlideStage({ store }: ViewProps<SlideStore>) {
  const t = slideTexts();
  const deck = store.deck.value;
  const live = store.position.value?.page ?? 0;
  const frame = useRef<HTMLElement>(null);
  const [back, setBack] = useState<number | null>(null);
  useEffect(() => setBack(null), [deck?.id]);
  const receiving = store.receiving.value;
  usePreload(deck, live, STAGE_SIZES, receiving?.by === 'http' ? receiving.spread_ms : null);
  const shown = back ?? live;
  const page = deck?.pages.find((found) => found.page === shown);
  return (
    <section class="stage" aria-label={t.region} ref={frame}>
      <div class="stage__screen">
        {deck && page ? (
          <SlideImage deck={deck} page={page} sizes={STAGE_SIZES} ahead={store.image(deck.id, shown)} />
        ) : (
          <div class="stage__empty">
            <EmptyState icon="slides" title={t.nothing}>
              {t.nothingText}
            </EmptyState>
          </div>
        )}
      </div>
      {deck && page && (
        <StageBar deck={deck} shown={shown} live={live} onShow={setBack} frame={() => frame.current} />
      )}
      {page && (
        <details class="stage__text">
          <summary>{t.text}</summary>
          <p class="prewrap" lang="">
            {page.text || (page.text_cut ? '' : t.noText)}
          </p>
          {page.text_cut && <p class="faint small">{t.textCut}</p>}
        </details>
      )}
    </section>
  );
}

interface StageBarProps {
  deck: Deck;
  shown: number;
  live: number;
  onShow: (page: number | null) => void;
  frame: () => HTMLElement | null;
}

function StageBar({ deck, shown, live, onShow, frame }: StageBarProps) {
  const t = slideTexts();
  const show = (page: number) => onShow(page === live ? null : page);
  const first = deck.pages[0]?.page ?? 1;
  return (
    <div class="stage__bar">
      <IconButton icon="chevronLeft" label={t.previous} disabled={shown <= first} onClick={() => show(shown - 1)} />
      <p class="number small" aria-live="polite">
        {t.page(shown, deck.page_count ?? deck.pages.length)}
      </p>
      <IconButton icon="chevronRight" label={t.next} disabled={shown >= live} onClick={() => show(shown + 1)} />
      {shown !== live && (
        <Button look="primary" small icon="play" onClick={() => onShow(null)}>
          {t.live}
        </Button>
      )}
      <span class="stage__space" />
      {document.fullscreenEnabled && (
        <Button
          look="quiet"
          small
          icon="external"
          onClick={() =>
            document.fullscreenElement ? document.exitFullscreen() : frame()?.requestFullscreen()
          }
        >
          {t.fullscreen}
        </Button>
      )}
    </div>
  );
}
