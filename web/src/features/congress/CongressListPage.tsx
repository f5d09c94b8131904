import { useState } from 'preact/hooks';
import { navigate } from '../../app/router';
import { formatDate, formatDay, formatNumber, formatTime, formatZone, unbroken } from '../../i18n';
import { api } from '../../net/api';
import type { CongressSummary } from '../../net/types';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { AppShell } from '../../ui/AppShell';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Icon } from '../../ui/Icon';
import { ListView } from '../../ui/ListView';
import { toast } from '../../ui/Toast';
import { CongressDialog } from './CongressForm';
import { congressTexts } from './texts';

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
  return (
    <AppShell title={t.title} subtitle={t.lead} actions={add}>
      <Card flush>
        <ListView list={list} empty={empty}>
          {(congresses) => (
            <ul class="plain congress-list">
              {congresses.map((congress) => (
                <li key={congress.id}>
                  <Row congress={congress} />
                </li>
              ))}
            </ul>
          )}
        </ListView>
      </Card>
      {adding && (
        <CongressDialog
          onClose={() => setAdding(false)}
          onDone={(id) => {
            toast.good(t.created);
            navigate(`/congresses/${id}/sessions`);
          }}
        />
      )}
    </AppShell>
  );
}

function Row({ congress }: { congress: CongressSummary }) {
  const t = congressTexts();
  const { next_starts_at: next, time_zone: zone } = congress;
  return (
    <a class="congress-row" href={`/congresses/${congress.id}/overview`}>
      <span class="congress-row__date" aria-hidden="true">
        {next ? (
          <>
            <span>{formatDate(next, zone, { month: 'short' })}</span>
            <strong>{formatDate(next, zone, { day: 'numeric' })}</strong>
          </>
        ) : (
          <Icon name="calendar" />
        )}
      </span>
      <span class="congress-row__text">
        <strong class="congress-row__title">{unbroken(congress.title)}</strong>
        <span class="muted small">
          {next
            ? t.nextAt(
                `${formatDay(next, zone)}, ${formatTime(next, zone)} ${formatZone(next, zone)}`,
              )
            : t.noNext}
        </span>
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
