// The sessions of a congress.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { formatDate, formatMinutes, unbroken } from '../../i18n';
import { formatTimeIn } from '../../i18n/zone';
import type { Congress, Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Badge, StateBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DateTile } from '../../ui/DateTile';
import { EmptyState } from '../../ui/EmptyState';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { SessionDialog } from './SessionForm';
import { sessionTexts } from './texts';
import { congressWords } from './words';

export default function SessionsTab({ congress }: CongressTabProps) {
  const t = sessionTexts();
  const [adding, setAdding] = useState(false);
  const add = hasRole('organiser') ? (
    <Button look="primary" icon="add" onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  ) : null;
  const created = (session: Session) => {
    toast.good(t.created);
    navigate(`/sessions/${session.id}`);
  };
  return (
    <>
      {congress.sessions.length === 0 ? (
        <Card>
          <EmptyState icon="calendar" title={t.empty} action={add}>
            {t.emptyText}
          </EmptyState>
        </Card>
      ) : (
        <Card flush title={congressWords().sessions} actions={add}>
          <SessionList congress={congress} />
        </Card>
      )}
      {adding && (
        <SessionDialog congress={congress} onClose={() => setAdding(false)} onDone={created} />
      )}
    </>
  );
}

function SessionList({ congress }: { congress: Congress }) {
  const sessions = [...congress.sessions].sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  return (
    <ul class="plain congress-list">
      {sessions.map((session) => (
        <li key={session.id}>
          <SessionRow session={session} congress={congress} />
        </li>
      ))}
    </ul>
  );
}

function SessionRow({ session, congress }: { session: Session; congress: Congress }) {
  const zone = congress.time_zone;
  const name = (list: { id: string; name: string }[], id: string | null) =>
    list.find((item) => item.id === id)?.name;
  const where = [
    congress.halls.length > 1 && name(congress.halls, session.hall),
    name(congress.tracks, session.track),
  ].filter(Boolean);
  return (
    <a class="congress-row" href={`/sessions/${session.id}`}>
      <DateTile at={session.starts_at} zone={zone} past={session.state === 'ended'} />
      <span class="congress-row__text">
        <strong class="congress-row__title">{unbroken(session.title)}</strong>
        <span class="muted small">
          {formatDate(session.starts_at, zone, { weekday: 'long', day: 'numeric', month: 'long' })},{' '}
          {formatTimeIn(session.starts_at, zone)} · {formatMinutes(session.planned_minutes)}
          {where.length > 0 && ` · ${where.join(' · ')}`}
        </span>
      </span>
      <span class="congress-row__figures">
        {session.kind === 'break' ? <Badge>{sessionTexts().break}</Badge> : <StateBadge state={session.state} />}
      </span>
      <Icon name="chevronRight" />
    </a>
  );
}
