// The current slide, large, for HCPs. They may look back at earlier slides and return to the current one.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import type { Room, ViewProps } from '../feature';
import { FULL_SIZES, STAGE_SIZES, stageWidth } from './image';
import type { Deck, DeckPage } from './messages';
import { SlideImage, usePreload } from './SlideImage';
import { LinkList, SlideLinks } from './SlideLinks';
import type { SlideStore } from './store';
import { slideTexts } from './texts';

/** The page that this person looks at: the live one, or an earlier one. */
function useShown(store: SlideStore) {
  const deck = store.deck.value;
  const live = store.position.value?.page ?? 0;
  const [back, setBack] = useState<number | null>(null);
  useEffect(() => setBack(null), [deck?.id]);
  const number = back ?? live;
  const show = (wanted: number) => setBack(wanted === live ? null : wanted);
  const pages = (deck?.pages ?? []).filter((found) => found.shown);
  return { deck, live, number, pages, page: pages.find((found) => found.page === number), show };
}

export function SlideStage({ store, session, room }: ViewProps<SlideStore>) {
  const t = slideTexts();
  const { deck, live, number, pages, page, show } = useShown(store);
  const [reading, setReading] = useState(false);
  const text = useId();
  const full = room.screen.on.value;
  const sizes = full ? FULL_SIZES : STAGE_SIZES;
  useEffect(() => {
    if (full) store.widen(stageWidth(true));
  }, [full]);
  const receiving = store.receiving.value;
  usePreload(deck, live, sizes, receiving?.by === 'http' ? receiving.spread_ms : null);
  return (
    <section class="stage" aria-label={t.region}>
      <Screen {...{ store, deck, page, sizes, full }} />
      <div class="stage__bar">
        {room.tools.map((Tools, index) => (
          <Tools key={index} room={room} session={session} />
        ))}
        <Pager {...{ deck, pages, number, live, show }} />
        <span class="stage__space" />
        <IconButton
          icon="file"
          label={t.text}
          disabled={!page}
          expanded={reading}
          controls={text}
          onClick={() => setReading(!reading)}
        />
        <ScreenButton room={room} />
      </div>
      <SlideText id={text} page={reading ? page : undefined} />
    </section>
  );
}

interface ScreenProps {
  store: SlideStore;
  deck: Deck | null;
  page: DeckPage | undefined;
  sizes: string;
  full: boolean;
}

function Screen({ store, deck, page, sizes, full }: ScreenProps) {
  const t = slideTexts();
  return (
    <div class="stage__screen">
      {deck && page ? (
        <>
          <SlideImage
            deck={deck}
            page={page}
            sizes={sizes}
            ahead={store.image(deck.id, page, stageWidth(full))}
          />
          <SlideLinks deck={deck} page={page} />
        </>
      ) : (
        <div class="stage__empty">
          <EmptyState icon="slides" title={t.nothing}>
            {t.nothingText}
          </EmptyState>
        </div>
      )}
    </div>
  );
}

interface PagerProps {
  deck: Deck | null;
  pages: readonly DeckPage[];
  number: number;
  live: number;
  show: (page: number) => void;
}

/** There before the first slide, so that nothing moves when it comes. The announcer says changes. */
function Pager({ deck, pages, number, live, show }: PagerProps) {
  const t = slideTexts();
  const before = pages.filter((page) => page.page < number).at(-1);
  const after = pages.find((page) => page.page > number && page.page <= live);
  const place = useRef<HTMLParagraphElement>(null);
  const backToLive = () => {
    show(live);
    place.current?.focus(); // the button is gone
  };
  return (
    <>
      <IconButton
        icon="chevronLeft"
        label={t.previous}
        disabled={!before}
        onClick={() => before && show(before.page)}
      />
      <p class="number small" tabIndex={-1} ref={place}>
        {deck && t.page(number, deck.page_count ?? deck.pages.length)}
      </p>
      <IconButton
        icon="chevronRight"
        label={t.next}
        disabled={!after}
        onClick={() => after && show(after.page)}
      />
      {number !== live && (
        <Button look="primary" small icon="play" onClick={backToLive}>
          {t.live}
        </Button>
      )}
    </>
  );
}

function ScreenButton({ room: { screen } }: { room: Room }) {
  const t = slideTexts();
  const full = screen.on.value;
  return (
    <IconButton
      icon={full ? 'shrink' : 'expand'}
      label={full ? t.leaveFullscreen : t.fullscreen}
      onClick={() => screen.toggle()}
    />
  );
}

function SlideText({ id, page }: { id: string; page: DeckPage | undefined }) {
  const t = slideTexts();
  return (
    <div id={id} class="stage__text" role="group" aria-label={t.text} tabIndex={0} hidden={!page}>
      <p class="prewrap" lang="">
        {page && (page.text || (page.text_cut ? '' : t.noText))}
      </p>
      {page && <LinkList page={page} />}
      {page?.text_cut && <p class="faint small">{t.textCut}</p>}
    </div>
  );
}
