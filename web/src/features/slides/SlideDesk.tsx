// Moving slides: what is on, what comes next, all pages, and the keyboard.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Select } from '../../ui/Field';
import { Progress } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import type { Deck } from './messages';
import { SlideImage, usePreload } from './SlideImage';
import type { SlideStore } from './store';
import { slideTexts } from './texts';

const SIZES = '(min-width: 1080px) 50vw, 100vw';

interface SlideDeskProps {
  store: SlideStore;
  session: string;
  /** May this person move slides, and does the session's state allow it? */
  mayMove: boolean;
  /** Sends the versioned command. */
  move: Move;
}

type Step = 'previous' | 'next' | 'first' | 'last';

/** ← → Home End and the page keys of presenters, unless somebody is typing. */
function useKeys(go: (step: Step) => void): void {
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    const keys: Record<string, Step> = {
      ArrowLeft: 'previous',
      PageUp: 'previous',
      ArrowRight: 'next',
      PageDown: 'next',
      Home: 'first',
      End: 'last',
    };
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const step = keys[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      if (target.closest('input, textarea, select, dialog, [role="listbox"]')) return;
      event.preventDefault();
      latest.current(step);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

type Move = (deck: string, page: number) => Promise<unknown>;

/** Where the presses lead, which come faster than the answers: `at` is where the last one will be. */
function useMoves(store: SlideStore, deck: Deck | null, move: Move) {
  const underway = useRef(0);
  const target = useRef<number | null>(null);
  const [, again] = useState<number | null>(null);
  const page = () => {
    const on = store.position.value;
    return on && on.deck === deck?.id ? on.page : 0;
  };
  const aim = (number: number | null) => {
    target.current = number;
    again(number);
  };
  const settle = () => {
    if (underway.current === 0 && target.current === page()) aim(null);
  };
  useEffect(settle, [page()]);
  useEffect(() => aim(null), [deck?.id]);
  const go = async (number: number) => {
    if (!deck) return;
    aim(number);
    underway.current += 1;
    try {
      await move(deck.id, number);
    } catch (error) {
      aim(null);
      toast.error(error);
    }
    underway.current -= 1;
    settle();
  };
  return { at: () => target.current ?? page(), go };
}

/** The next page in a direction that can be shown; 0 when there is none. */
function beside(deck: Deck, from: number, by: 1 | -1): number {
  let page = from + by;
  while (deck.pages[page - 1]?.state === 'failed') page += by;
  return deck.pages[page - 1] ? page : 0;
}

export function SlideDesk({ store, session, mayMove, move }: SlideDeskProps) {
  const t = slideTexts();
  const ready = store.decks.value.filter((deck) => deck.state === null || deck.state === 'ready');
  const on = store.position.value;
  const [chosen, choose] = useState<string | null>(null);
  const deck = ready.find((found) => found.id === (chosen ?? on?.deck)) ?? ready[0] ?? null;
  const page = deck && on?.deck === deck.id ? on.page : 0;
  const moves = useMoves(store, deck, move);
  usePreload(deck, page, SIZES, 0);
  const at = moves.at();

  const show = (number: number) => {
    if (mayMove && number > 0) void moves.go(number);
  };
  const step = (where: Step) => {
    if (!deck) return;
    const from = { previous: moves.at(), next: moves.at(), first: 0, last: deck.pages.length + 1 };
    show(beside(deck, from[where], where === 'next' || where === 'first' ? 1 : -1));
  };
  useKeys(step);

  if (!deck)
    return (
      <Card title={t.region}>
        <Rendering store={store} />
        <EmptyState
          icon="slides"
          title={t.noDeck}
          action={
            <LinkButton href={`/sessions/${session}/slides`} icon="upload">
              {t.prepare}
            </LinkButton>
          }
        >
          {t.noDeckText}
        </EmptyState>
      </Card>
    );
  return (
    <section class="desk" aria-label={t.region}>
      <Rendering store={store} />
      {ready.length > 1 && (
        <Select
          label={t.deck}
          value={deck.id}
          onChange={choose}
          options={ready.map((found) => ({ value: found.id, label: found.file_name }))}
        />
      )}
      <Screens deck={deck} page={page} />
      <div class="desk__bar">
        <IconButton icon="arrowLeft" label={t.previous} look="secondary" disabled={!mayMove || beside(deck, at, -1) === 0} onClick={() => step('previous')} />
        <p class="number" aria-live="polite">
          {at > 0 && t.page(at, deck.pages.length)}
        </p>
        <Button look="primary" iconEnd="arrowRight" disabled={!mayMove || beside(deck, at, 1) === 0} onClick={() => step('next')}>
          {t.next}
        </Button>
        <span class="faint small desk__keys">{t.keys}</span>
      </div>
      <Thumbnails deck={deck} current={page} mayMove={mayMove} onShow={show} />
    </section>
  );
}

function Screens({ deck, page }: { deck: Deck; page: number }) {
  const t = slideTexts();
  const now = deck.pages.find((found) => found.page === page);
  const next = deck.pages.find((found) => found.page === page + 1);
  return (
    <div class="desk__screens">
      <div class="desk__now">
        {now ? (
          <SlideImage deck={deck} page={now} sizes={SIZES} />
        ) : (
          <div class="stage__empty">
            <EmptyState icon="slides" title={t.nothing} />
          </div>
        )}
      </div>
      <div class="desk__next">
        <p class="faint small">{t.nextUp}</p>
        {next ? <SlideImage deck={deck} page={next} sizes="240px" plain /> : <p class="muted">{t.last}</p>}
      </div>
    </div>
  );
}

interface ThumbnailsProps {
  deck: Deck;
  current: number;
  mayMove: boolean;
  onShow: (page: number) => void;
}

function Thumbnails({ deck, current, mayMove, onShow }: ThumbnailsProps) {
  const t = slideTexts();
  return (
    <ol class="thumbs plain" aria-label={t.thumbnails}>
      {deck.pages.map((page) => (
        <li key={page.page}>
          <button
            type="button"
            class="thumb"
            aria-label={`${t.goTo} ${page.page}`}
            aria-current={page.page === current ? 'true' : undefined}
            disabled={!mayMove || page.state === 'failed'}
            onClick={() => onShow(page.page)}
          >
            <SlideImage deck={deck} page={page} sizes="140px" plain lazy />
            <span class="number">{page.page}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Rendering({ store }: { store: SlideStore }) {
  const t = slideTexts();
  const decks = store.decks.value.filter((deck) => deck.state === 'rendering');
  return (
    <>
      {decks.map((deck) => {
        const progress = store.progress.value.get(deck.id);
        const count = progress?.page_count ?? deck.page_count ?? 0;
        const done = progress?.pages_done ?? deck.pages.length;
        return (
          <div class="stack stack--tight" key={deck.id}>
            <p class="small muted">
              {deck.file_name}: {t.rendering(done, count)}
            </p>
            <Progress label={deck.file_name} value={count ? done / count : null} />
          </div>
        );
      })}
    </>
  );
}
