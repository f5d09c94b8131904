// A session at a glance: what comes next, what it is, and how far it is prepared.
import { formatMinutes, formatNumber, formatRate } from '../../i18n';
import type { Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { Figure, Figures } from '../../ui/Card';
import type { SessionTabProps } from '../feature';
import { api as participationApi } from '../participation/api';
import { SessionFacts } from './SessionFacts';
import { SessionNext } from './SessionNext';
import { SessionPrepared } from './SessionPrepared';
import { overviewTexts } from './overviewTexts';
import { usePreparedSession } from './usePrepared';

export default function SessionOverview(props: SessionTabProps) {
  const { session } = props;
  const prepared = usePreparedSession(session, hasRole('organiser'));
  const ahead = session.state === 'draft' || session.state === 'lobby' || session.state === 'live';
  return (
    <>
      <SessionNext {...props} prepared={prepared} />
      {session.state === 'ended' && <Outcome session={session} />}
      <div class="columns">
        <SessionFacts {...props} />
        {ahead && session.kind === 'session' && <SessionPrepared session={session} prepared={prepared} />}
      </div>
    </>
  );
}

const minutesBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

/** The figures of a session that ended; they follow its end. */
function Outcome({ session }: { session: Session }) {
  const t = overviewTexts();
  const { id, live_at: from, ended_at: to } = session;
  const found = useResource(`outcome ${id} ${to}`, () => participationApi.participation(id));
  if (!found.value) return null;
  const { registered, attended, completed } = found.value;
  const note = (part: number, whole: number, text: (share: string) => string) =>
    whole > 0 ? { note: text(formatRate(part / whole)) } : {}; // of nobody there is no share
  return (
    <Figures>
      <Figure label={t.registered} value={formatNumber(registered)} />
      <Figure
        label={t.attended}
        value={formatNumber(attended)}
        {...note(attended, registered, t.ofRegistered)}
      />
      <Figure
        label={t.completed}
        value={formatNumber(completed)}
        {...note(completed, attended, t.ofAttended)}
      />
      {from && to && <Figure label={t.liveTime} value={formatMinutes(minutesBetween(from, to))} />}
    </Figures>
  );
}
