// Moving slides, by button, thumbnail or key: the current slide, the next one, and all pages.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Select } from '../../ui/Field';
import { Progress as ProgressBar } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import type { Deck, DeckPage, Progress } from './messages';
import { SlideImage, usePreload } from './SlideImage';
import type { SlideStore } from './store';
import { slideTexts } from './texts';

const SIZES = '(min-width: 1080px) 50vw, 100vw';

type Step = 'previous' | 'next' | 'first' | 'last';

const KEYS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'previous',
  PageUp: 'previous',
  ArrowRight: 'next',
  PageDown: 'next',
  Home: 'first',
  End: 'last',
};

/** ← → Home End and the page keys of presenters, unless somebody is typing. */
function useKeys(go: (step: Step) => void): void {
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const step = KEYS[event.key];
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

/** The page of this deck that is on the screen; 0 when none is. */
const pageOn = (store: SlideStore, deck: Deck | null): number => {
  const on = store.position.value;
  return on && on.deck === deck?.id ? on.page : 0;
};

/**
 * Presses may come faster than the server's answers. `at` is the page that the last press asked for,
 * or the page on the screen when every press was answered.
 */
function useMoves(store: SlideStore, deck: Deck | null, move: Move) {
  const unanswered = useRef(0);
  const asked = useRef<number | null>(null);
  const [, renderAgain] = useState<number | null>(null);
  const page = pageOn(store, deck);
  const ask = (number: number | null) => {
    asked.current = number;
    renderAgain(number);
  };
  const settle = () => {
    if (unanswered.current === 0 && asked.current === pageOn(store, deck)) ask(null);
  };
  useEffect(settle, [page]);
  useEffect(() => ask(null), [deck?.id]);
  const go = async (number: number) => {
    if (!deck) return;
    ask(number);
    unanswered.current += 1;
    try {
      await move(deck.id, number);
    } catch (error) {
      ask(null);
      toast.error(error);
    }
    unanswered.current -= 1;
    settle();
  };
  return { at: () => asked.current ?? pageOn(store, deck), go };
}

/** The page that a step leads to, leaving out those that cannot be shown; 0 when there is none. */
function target(deck: Deck, at: number, step: Step): number {
  const by = step === 'next' || step === 'first' ? 1 : -1;
  const from = { previous: at, next: at, first: 0, last: deck.pages.length + 1 };
  let page = from[step] + by;
  while (deck.pages[page - 1]?.state === 'failed') page += by;
  return deck.pages[page - 1] ? page : 0;
}

/** The deck that the person chose, else the one on the screen, else the first with pages to show. */
function useDeck(store: SlideStore) {
  const ready = store.decks.value.filter((deck) => deck.state !== 'failed' && deck.pages.length > 0);
  const [chosen, choose] = useState<string | null>(null);
  const wanted = chosen ?? store.position.value?.deck;
  const deck = ready.find((found) => found.id === wanted) ?? ready[0] ?? null;
  return { ready, deck, choose };
}

export function SlideDesk({ store, session, room }: ViewProps<SlideStore>) {
  const t = slideTexts();
  const { ready, deck, choose } = useDeck(store);
  const started = session.state === 'lobby' || session.state === 'live';
  const mayMove = room.may.move && started;
  const moves = useMoves(store, deck, (id, page) =>
    room.versioned((version) => store.move(id, page, version)),
  );
  const page = pageOn(store, deck);
  usePreload(deck, page, SIZES, 0);
  const show = (number: number) => {
    if (mayMove && number > 0) void moves.go(number);
  };
  const step = (where: Step) => {
    if (deck) show(target(deck, moves.at(), where));
  };
  useKeys(step);
  if (!deck) return <NoDeck store={store} session={session.id} />;
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
      <DeskBar deck={deck} at={moves.at()} mayMove={mayMove} onStep={step} />
      <Notes page={deck.pages.find((found) => found.page === page)} />
      <Thumbnails deck={deck} current={page} mayMove={mayMove} onShow={show} />
    </section>
  );
}

function NoDeck({ store, session }: { store: SlideStore; session: string }) {
  const t = slideTexts();
  const prepare = (
    <LinkButton href={`/sessions/${session}/slides`} icon="upload">
      {t.prepare}
    </LinkButton>
  );
  return (
    <Card title={t.region}>
      <Rendering store={store} />
      <EmptyState icon="slides" title={t.noDeck} action={prepare}>
        {t.noDeckText}
      </EmptyState>
    </Card>
  );
}

interface DeskBarProps {
  deck: Deck;
  at: number;
  mayMove: boolean;
  onStep: (step: Step) => void;
}

function DeskBar({ deck, at, mayMove, onStep }: DeskBarProps) {
  const t = slideTexts();
  const may = (step: Step) => mayMove && target(deck, at, step) > 0;
  return (
    <div class="desk__bar">
      <IconButton
        icon="arrowLeft"
        label={t.previous}
        look="secondary"
        disabled={!may('previous')}
        onClick={() => onStep('previous')}
      />
      <p class="number desk__place" aria-live="polite">
        {at > 0 ? t.page(at, deck.pages.length) : t.count(deck.pages.length)}
      </p>
      <Button
        look="primary"
        iconEnd="arrowRight"
        disabled={!may('next')}
        onClick={() => onStep('next')}
      >
        {t.next}
      </Button>
      <span class="faint small desk__keys">{t.keys}</span>
    </div>
  );
}

function Screens({ deck, page }: { deck: Deck; page: number }) {
  const t = slideTexts();
  const now = deck.pages.find((found) => found.page === page);
  const next = deck.pages.find((found) => found.page === page + 1);
  const first = deck.pages[0];
  const shape = `${first?.width ?? 16} / ${first?.height ?? 9}`;
  return (
    <div class="desk__screens">
      <div class="desk__now" style={{ aspectRatio: shape }}>
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
        {next && <SlideImage deck={deck} page={next} sizes="240px" plain />}
        {!next && <p class="muted">{deck.state === 'rendering' ? t.notYet : t.last}</p>}
      </div>
    </div>
  );
}

/** What the author of the deck noted on the page that is on; participants never get it. */
function Notes({ page }: { page: DeckPage | undefined }) {
  const t = slideTexts();
  if (!page?.notes && !page?.notes_cut) return null;
  return (
    <section class="desk__notes" aria-label={t.notes} tabIndex={0}>
      <p class="small">
        <strong>{t.notes}</strong> <span class="faint">{t.notesWho}</span>
      </p>
      <p class="prewrap" lang="">
        {page.notes}
      </p>
      {page.notes_cut && <p class="faint small">{t.notesCut}</p>}
    </section>
  );
}

interface ThumbnailsProps {
  deck: Deck;
  current: number;
  mayMove: boolean;
  onShow: (page: number) => void;
}

/** Keeps the current page in the middle of the strip, without moving the page itself. */
function useCurrentInView(current: number) {
  const strip = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const thumb = strip.current?.querySelector<HTMLElement>('[aria-current]');
    if (!strip.current || !thumb) return;
    const { left, width } = strip.current.getBoundingClientRect();
    const at = thumb.getBoundingClientRect();
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    strip.current.scrollBy({
      left: at.left + at.width / 2 - (left + width / 2),
      behavior: calm ? 'auto' : 'smooth',
    });
  }, [current]);
  return strip;
}

function Thumbnails({ deck, current, mayMove, onShow }: ThumbnailsProps) {
  const t = slideTexts();
  const strip = useCurrentInView(current);
  return (
    <ol class="thumbs plain" aria-label={t.thumbnails} ref={strip}>
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
  const decks = store.decks.value.filter((deck) => deck.state === 'rendering');
  return (
    <>
      {decks.map((deck) => (
        <RenderingDeck key={deck.id} deck={deck} progress={store.progress.value.get(deck.id)} />
      ))}
    </>
  );
}

function RenderingDeck({ deck, progress }: { deck: Deck; progress: Progress | undefined }) {
  const t = slideTexts();
  const count = progress?.page_count ?? deck.page_count ?? 0;
  const done = progress?.pages_done ?? deck.pages.length;
  return (
    <div class="stack stack--tight">
      <p class="small muted">
        {deck.file_name}: {t.rendering(done, count)}
      </p>
      <ProgressBar label={deck.file_name} value={count ? done / count : null} />
    </div>
  );
}
