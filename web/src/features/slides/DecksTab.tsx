// The decks of a session: uploading, their pages as they become ready, removing.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { errorText } from '../../i18n/errors';
import { formatBytes } from '../../i18n';
import { hasRole } from '../../state/me';
import { useReloadWhile, useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Progress, Skeleton } from '../../ui/Progress';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { api, type Deck, type DeckPage } from './api';
import { deckTexts, reasonText, warningText } from './deckTexts';
import { imageAddress } from './image';
import { Picture } from './Picture';
import { Upload } from './Upload';

const POLL_MS = 1_500;

export default function DecksTab({ session: { id } }: SessionTabProps) {
  const t = deckTexts();
  const found = useResource(`decks ${id}`, () => api.decks(id));
  const [removing, setRemoving] = useState<Deck | null>(null);
  useReloadWhile(found, found.value?.items.some((deck) => deck.state === 'rendering') ?? false, POLL_MS); // pages appear as they are ready
  if (found.error !== null && !found.value)
    return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={3} tall />;
  const uploaded = () => {
    toast.good(t.added);
    void found.reload();
  };
  const mayRemove = hasRole('organiser', 'host');
  const { items, storage } = found.value;
  return (
    <>
      {hasRole('organiser', 'host', 'speaker') && (
        <Upload
          session={id}
          again={items.length > 0}
          storage={storage}
          onDone={uploaded}
          onFull={() => void found.reload()}
        />
      )}
      {found.error !== null && <Banner tone="warn">{errorText(found.error)}</Banner>}
      {items.map((deck) => (
        <DeckCard
          key={deck.id}
          deck={deck}
          {...(mayRemove ? { onRemove: () => setRemoving(deck) } : {})}
        />
      ))}
      {removing && (
        <RemoveDialog
          title={t.remove}
          text={t.removeText(removing.file_name)}
          remove={() => api.removeDeck(removing.id)}
          reload={found.reload}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}

function DeckCard({ deck, onRemove }: { deck: Deck; onRemove?: () => void }) {
  const t = deckTexts();
  const menu = onRemove && (
    <Menu
      label={common().named(common().moreActions, deck.file_name)}
      items={[{ label: t.remove, icon: 'trash', danger: true, onClick: onRemove }]}
    />
  );
  return (
    <Card title={deck.file_name} text={<DeckLine deck={deck} />} actions={menu}>
      {deck.state === 'rendering' && <Rendering deck={deck} />}
      {deck.state === 'failed' && (
        <Banner tone="bad" title={t.failed}>
          {reasonText(deck.error)}
        </Banner>
      )}
      {deck.pages.length > 0 && <Pages deck={deck} />}
    </Card>
  );
}

function DeckLine({ deck }: { deck: Deck }) {
  const t = deckTexts();
  const failed = deck.pages.filter((page) => page.state === 'failed').length;
  const toCheck = deck.pages.filter((page) => page.warnings?.length).length;
  return (
    <span class="row row--facts">
      {deck.state === 'ready' && <Badge tone="good">{t.ready}</Badge>}
      {failed > 0 && <Badge tone="warn">{t.pagesFailed(failed)}</Badge>}
      {toCheck > 0 && <Badge tone="warn">{t.pagesToCheck(toCheck)}</Badge>}
      {deck.page_count !== null && <span>{t.pages(deck.page_count)}</span>}
      <span>{formatBytes(deck.bytes)}</span>
    </span>
  );
}

function Rendering({ deck }: { deck: Deck }) {
  const t = deckTexts();
  const total = deck.page_count;
  const done = deck.pages.length;
  return (
    <div class="stack stack--tight rendering">
      <span class="small muted number" role="status">
        {total === null ? t.rendering : t.renderingPages(done, total)}
      </span>
      <Progress label={t.rendering} value={total === null ? null : done / total} />
    </div>
  );
}

const FIRST = 12;

function Pages({ deck }: { deck: Deck }) {
  const t = deckTexts();
  const [all, setAll] = useState(false);
  const shown = all ? deck.pages : deck.pages.slice(0, FIRST);
  return (
    <div class="stack">
      <ol class="plain pages">
        {shown.map((page) => (
          <li key={page.page}>
            <Thumbnail deck={deck} page={page} />
          </li>
        ))}
      </ol>
      {deck.pages.length > FIRST && (
        <Button look="quiet" small onClick={() => setAll(!all)} expanded={all}>
          {all ? t.showLess : t.showAll(deck.pages.length)}
        </Button>
      )}
    </div>
  );
}

function Thumbnail({ deck, page }: { deck: Deck; page: DeckPage }) {
  const t = deckTexts();
  const smallest = [...page.images].sort((a, b) => a.width - b.width)[0];
  return (
    <figure class={`page-thumb${page.state === 'failed' ? ' page-thumb--failed' : ''}`}>
      {page.state === 'ready' && smallest ? (
        <Picture
          class="page-thumb__image"
          shape={`${smallest.width} / ${smallest.height}`}
          src={imageAddress(deck.id, page.page, smallest.width)}
          alt={t.page(page.page)}
          width={smallest.width}
          height={smallest.height}
          lazy
        />
      ) : (
        <div class="page-thumb__failed">
          <Icon name="alert" />
          <span>{t.pageFailed}</span>
          {page.error && <span class="faint">{reasonText(page.error)}</span>}
        </div>
      )}
      <figcaption class="number">
        {page.page}
        <Warnings page={page} />
      </figcaption>
    </figure>
  );
}

function Warnings({ page }: { page: DeckPage }) {
  const said = (page.warnings ?? []).map(warningText).filter((text) => text !== null);
  if (said.length === 0) return null;
  return (
    <ul class="plain page-thumb__warnings small">
      {said.map((text) => (
        <li key={text}>
          <Icon name="alert" size={14} /> {text}
        </li>
      ))}
    </ul>
  );
}
