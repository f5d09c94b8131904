// The congresses of the organisation.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { formatDay, formatNumber, unbroken } from '../../i18n';
import { formatTimeIn } from '../../i18n/zone';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { AppShell } from '../../ui/AppShell';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DateTile } from '../../ui/DateTile';
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
      <ListView list={list} empty={<Card>{empty}</Card>}>
        {(congresses) => <Groups congresses={congresses} />}
      </ListView>
      {adding && <CongressDialog onClose={() => setAdding(false)} onDone={created} />}
    </AppShell>
  );
}

/** What is ahead first, soonest first; then what has no date yet, and what is over, the latest first. */
function Groups({ congresses }: { congresses: CongressSummary[] }) {
  const t = congressTexts();
  const by = (when: (congress: CongressSummary) => string) => (a: CongressSummary, b: CongressSummary) =>
    when(a) < when(b) ? -1 : 1;
  const ahead = congresses.filter((c) => c.next_starts_at).sort(by((c) => c.next_starts_at ?? ''));
  const rest = congresses.filter((c) => !c.next_starts_at);
  const past = rest.filter((c) => c.last_starts_at).sort(by((c) => c.last_starts_at ?? '')).reverse();
  const undated = rest.filter((c) => !c.last_starts_at);
  const groups: [string, CongressSummary[]][] = [
    [t.ahead, ahead],
    [t.undated, undated],
    [t.past, past],
  ];
  return (
    <>
      {groups
        .filter(([, found]) => found.length > 0)
        .map(([title, found]) => (
          <Card key={title} title={title} flush>
            <Congresses congresses={found} />
          </Card>
        ))}
    </>
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
  const { next_starts_at: next, last_starts_at: last, time_zone: zone } = congress;
  const day = next ?? last;
  const when = next
    ? t.nextAt(`${formatDay(next, zone)}, ${formatTimeIn(next, zone)}`)
    : last && t.lastAt(formatDay(last, zone));
  return (
    <a class="congress-row" href={`/congresses/${congress.id}/overview`}>
      <DateTile at={day} zone={zone} past={!next} />
      <span class="congress-row__text">
        <strong class="congress-row__title">{unbroken(congress.title)}</strong>
        <span class="muted small">{when ?? t.noNext}</span>
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
