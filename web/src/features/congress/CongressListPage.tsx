// The congresses of the organisation.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { formatDate, formatDay, formatNumber, formatTime, formatZone, unbroken } from '../../i18n';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { AppShell } from '../../ui/AppShell';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Icon } from '../../ui/Icon';
import { ListView } from '../../ui/ListView';
import { toast } from '../../ui/Toast';
import { api, type CongressSummary } from './api';
import { CongressDialog } from './CongressForm';
import { congressTexts } from './texts';
import { congressWords } from './words';

export default function CongressListPage() {
  const t = congressTexts();
  const list = useList('congresses', (page) => api.congresses(page));
  const [adding, setAdding] = useState(false);
  const add = hasRole('organiser') ? (
    <Button look="primary" icon="add" onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  ) : null;
  const empty = (
    <EmptyState icon="calendar" title={t.empty} action={add}>
      {t.emptyText}
    </EmptyState>
  );
  const created = (id: string) => {
    toast.good(t.created);
    navigate(`/congresses/${id}/sessions`);
  };
  return (
    <AppShell title={congressWords().title} subtitle={t.lead} actions={add}>
      <Card flush>
        <ListView list={list} empty={empty}>
          {(congresses) => <Congresses congresses={congresses} />}
        </ListView>
      </Card>
      {adding && <CongressDialog onClose={() => setAdding(false)} onDone={created} />}
    </AppShell>
  );
}

function Congresses({ congresses }: { congresses: CongressSummary[] }) {
  return (
    <ul class="plain congress-list">
      {congresses.map((congress) => (
        <li key={congress.id}>
          <Row congress={congress} />
        </li>
      ))}
    </ul>
  );
}

function Row({ congress }: { congress: CongressSummary }) {
  const t = congressTexts();
  const { next_starts_at: next, time_zone: zone } = congress;
  const when = next && `${formatDay(next, zone)}, ${formatTime(next, zone)} ${formatZone(next, zone)}`;
  return (
    <a class="congress-row" href={`/congresses/${congress.id}/overview`}>
      <DateTile at={next} zone={zone} />
      <span class="congress-row__text">
        <strong class="congress-row__title">{unbroken(congress.title)}</strong>
        <span class="muted small">{when ? t.nextAt(when) : t.noNext}</span>
      </span>
      <span class="congress-row__figures small">
        <span class="number">
          <strong>{formatNumber(congress.registered)}</strong> {t.registeredWord(congress.registered)}
        </span>
        <span class="faint">{t.sessions(congress.session_count)}</span>
      </span>
      <Icon name="chevronRight" />
    </a>
  );
}

function DateTile({ at, zone }: { at: string | null; zone: string }) {
  return (
    <span class="congress-row__date" aria-hidden="true">
      {at ? (
        <>
          <span>{formatDate(at, zone, { month: 'short' })}</span>
          <strong>{formatDate(at, zone, { day: 'numeric' })}</strong>
        </>
      ) : (
        <Icon name="calendar" />
      )}
    </span>
  );
}
