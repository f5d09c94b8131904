import { formatNumber, unbroken } from '../../i18n';
import { formatSlot } from '../../i18n/zone';
import type { Congress, Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { second } from '../../state/clock';
import { StateBadge } from '../../ui/Badge';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DateTile } from '../../ui/DateTile';
import { EmptyState } from '../../ui/EmptyState';
import { toZone } from '../../ui/zone';
import { overviewTexts } from './overviewTexts';
import { sessionTexts } from './texts';

interface NextSessionProps {
  congress: Congress;
  /** Undefined: there is none yet. */
  session: Session | undefined;
}

/** The session that matters now: it is live, comes next, or was the last. */
export function NextSession({ congress, session }: NextSessionProps) {
  const t = overviewTexts();
  if (!session) return <NoSession congress={congress} />;
  const { state, starts_at: at } = session;
  const zone = congress.time_zone;
  const title = state === 'live' ? t.liveNow : state === 'ended' ? t.lastSession : t.nextSession;
  return (
    <Card title={title}>
      <div class="next-session">
        <DateTile at={at} zone={zone} past={state === 'ended'} />
        <div class="next-session__text">
          <h3>{unbroken(session.title)}</h3>
          <p class="muted">
            {formatSlot(at, session.planned_minutes, zone)}
          </p>
          <p class="row row--facts">
            <StateBadge state={state} />
            <Ahead session={session} zone={zone} />
            <span>{t.seats(formatNumber(session.capacity), session.capacity)}</span>
          </p>
        </div>
        <LinkButton look="primary" iconEnd="chevronRight" href={`/sessions/${session.id}`}>
          {t.openSession}
        </LinkButton>
      </div>
    </Card>
  );
}

const dayOf = (iso: string, zone: string) => Date.parse(toZone(iso, zone).date) / 86_400_000;

/** How many days are left, as a calendar counts them. */
function Ahead({ session, zone }: { session: Session; zone: string }) {
  if (session.state !== 'draft' && session.state !== 'lobby') return null;
  const today = new Date(second.peek()).toISOString();
  const days = dayOf(session.starts_at, zone) - dayOf(today, zone);
  return days < 0 ? null : <strong>{overviewTexts().inDays(days)}</strong>;
}

function NoSession({ congress }: { congress: Congress }) {
  const t = overviewTexts();
  const add = hasRole('organiser') && (
    <LinkButton look="primary" icon="add" href={`/congresses/${congress.id}/sessions`}>
      {sessionTexts().add}
    </LinkButton>
  );
  return (
    <Card>
      <EmptyState icon="calendar" title={t.noSession} action={add}>
        {t.noSessionText}
      </EmptyState>
    </Card>
  );
}
