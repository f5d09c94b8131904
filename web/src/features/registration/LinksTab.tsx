// The registration links of a congress, one for each channel: what came by each, and what becomes of it.
import { useState } from 'preact/hooks';
import { codeLabel, formatNumber } from '../../i18n';
import { common } from '../../i18n/common';
import { codes, loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, IconButton, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { CopyField } from '../../ui/CopyField';
import { EmptyState } from '../../ui/EmptyState';
import { Menu, type MenuItem } from '../../ui/Menu';
import { ResourceView } from '../../ui/ResourceView';
import type { CongressTabProps } from '../feature';
import { api, type RegistrationLink, type Representative } from './api';
import { type Doing, LinkDialogs } from './LinkDialogs';
import { nameOf } from './links';
import { PolicyCard } from './PolicyCard';
import { RepresentativeLine } from './RepresentativeLine';
import { representativeTexts } from './representativeTexts';
import { linkTexts } from './staffTexts';

export default function LinksTab({ congress: { id, title } }: CongressTabProps) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const found = useResource(`links ${id}`, async () => {
    const [links, representatives] = await Promise.all([api.links(id), api.representatives(id), loadCodes()]);
    const of = new Map(representatives.items.map((one) => [one.link, one]));
    return links.items.map((link): Row => ({ link, representative: of.get(link.id) ?? null }));
  });
  return (
    <ResourceView of={found}>
      {(rows) => (
        <div class="stack">
          <PolicyCard congress={id} />
          <Links rows={rows} onDo={setDoing} />
          {doing && (
            <LinkDialogs
              doing={doing}
              congress={id}
              title={title}
              reload={found.reload}
              onClose={() => setDoing(null)}
            />
          )}
        </div>
      )}
    </ResourceView>
  );
}

type OnDo = (doing: Doing) => void;

interface Row {
  link: RegistrationLink;
  representative: Representative | null;
}

function Links({ rows, onDo }: { rows: Row[]; onDo: OnDo }) {
  const t = linkTexts();
  const add = (
    <>
      <Button icon="user" onClick={() => onDo({ what: 'representative' })}>
        {representativeTexts().add}
      </Button>
      <Button look="primary" icon="add" onClick={() => onDo({ what: 'add' })}>
        {t.add}
      </Button>
    </>
  );
  if (rows.length === 0)
    return (
      <Card>
        <EmptyState icon="link" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={t.title} text={t.lead} actions={add} flush>
      <ul class="plain link-list">
        {rows.map((row) => (
          <li key={row.link.id}>
            <LinkRow {...row} onDo={onDo} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function LinkRow({ link, representative, onDo }: Row & { onDo: OnDo }) {
  const t = linkTexts();
  const channel = codeLabel(codes.value?.channel, link.channel);
  const name = nameOf(link);
  return (
    <div class={`link-row${link.open ? '' : ' link-row--closed'}`}>
      <div class="link-row__name">
        <Badge tone={link.open ? 'accent' : 'neutral'}>{channel}</Badge>
        {link.label && <strong>{link.label}</strong>}
        {!link.open && <Badge tone="warn">{t.closed}</Badge>}
        <span class="muted small number">
          <strong>{formatNumber(link.registered)}</strong> {t.registered(link.registered)}
          {link.waiting > 0 && <> · {t.waiting(link.waiting)}</>}
        </span>
        {representative && <RepresentativeLine of={representative} />}
      </div>
      <div class="link-row__link">
        <CopyField label={common().named(t.link, name)} hideLabel value={link.url} />
        <span class="link-row__tools">
          <LinkButton href={link.url} look="quiet" icon="external" newTab>
            <span class="visually-hidden">
              {common().named(t.open, name)}
            </span>
          </LinkButton>
          <IconButton icon="qr" label={common().named(t.qr, name)} haspopup="dialog" onClick={() => onDo({ what: 'qr', link })} />
          <Menu label={common().named(common().moreActions, name)} items={[...actions(link, onDo), ...access(representative, onDo), ...removal(link, onDo)]} />
        </span>
      </div>
    </div>
  );
}

function actions(link: RegistrationLink, onDo: OnDo): MenuItem[] {
  const t = linkTexts();
  return [
    { label: t.rename, icon: 'edit', onClick: () => onDo({ what: 'rename', link }) },
    link.open
      ? { label: t.close, icon: 'lock', onClick: () => onDo({ what: 'close', link }) }
      : { label: t.reopen, icon: 'check', onClick: () => onDo({ what: 'reopen', link }) },
  ];
}

/** What becomes of the page of the representative whose link it is. */
function access(representative: Representative | null, onDo: OnDo): MenuItem[] {
  const t = representativeTexts();
  if (!representative || representative.ended_at) return [];
  return [
    { label: t.again, icon: 'mail', onClick: () => onDo({ what: 'send', representative }) },
    { label: t.end, icon: 'close', danger: true, onClick: () => onDo({ what: 'end', representative }) },
  ];
}

function removal(link: RegistrationLink, onDo: OnDo): MenuItem[] {
  if (link.used || link.waiting > 0) return [];
  return [{ label: common().remove, icon: 'trash', danger: true, onClick: () => onDo({ what: 'remove', link }) }];
}
