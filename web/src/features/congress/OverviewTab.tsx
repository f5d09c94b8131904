// A congress as a board: its next session, the link to share, the goals, and what is still to be prepared.
import type { Congress, Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { CopyField } from '../../ui/CopyField';
import { EmptyState } from '../../ui/EmptyState';
import { Meter } from '../../ui/Meter';
import type { CongressTabProps } from '../feature';
import { api as participationApi } from '../participation/api';
import { NextSession } from './NextSession';
import { overviewTexts } from './overviewTexts';
import { Steps, stepsOf } from './Steps';
import { type Prepared, usePrepared } from './usePrepared';

export default function OverviewTab({ congress }: CongressTabProps) {
  const organiser = hasRole('organiser');
  const prepared = usePrepared(congress.id, organiser);
  const shown = sessionOf(congress.sessions);
  const unready = stepsOf({ congress, prepared }).some(({ done }) => !done);
  const over = shown?.state === 'ended'; // nobody can register any more
  return (
    <>
      <NextSession congress={congress} session={shown} />
      <div class="columns">
        {shown && <Goals session={shown} congress={congress} />}
        {organiser && prepared.links && !over && (
          <div class="stack stack--wide">
            <Share congress={congress} prepared={prepared} />
            {unready && <Steps congress={congress} prepared={prepared} />}
          </div>
        )}
      </div>
    </>
  );
}

/** The one that is live, else the next, else the last that took place. */
function sessionOf(sessions: Session[]): Session | undefined {
  const sorted = [...sessions].sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const first = (...states: Session['state'][]) => sorted.find(({ state }) => states.includes(state));
  return first('live') ?? first('draft', 'lobby') ?? sorted.reverse().find(({ state }) => state === 'ended');
}

function Share({ congress, prepared }: { congress: Congress; prepared: Prepared }) {
  const t = overviewTexts();
  const link = prepared.links?.find(({ open }) => open);
  const links = `/congresses/${congress.id}/links`;
  if (!link) return null;
  return (
    <Card title={t.link} text={t.linkText}>
      <div class="stack stack--tight">
        <CopyField label={t.link} hideLabel value={link.url} />
        <p class="small">
          <a href={links}>{t.next.allLinks}</a>
        </p>
      </div>
    </Card>
  );
}

/** Registrations are those of the congress; attendance is that of the session. */
function Goals({ session, congress }: { session: Session; congress: Congress }) {
  const t = overviewTexts();
  const found = useResource(`goals ${session.id} ${session.ended_at}`, () => participationApi.participation(session.id));
  if (!found.value) return null;
  const after = session.state === 'live' || session.state === 'ended';
  const board = hasRole('organiser') && (
    <LinkButton small href={`/congresses/${congress.id}/goals`}>{t.goalBoard}</LinkButton>
  );
  if (found.value.profiles.length === 0) return <NoGoals congress={congress} />;
  return (
    <Card title={t.goals} text={after ? t.goalsAfter : t.goalsText} actions={board}>
      <ul class="plain stack stack--wide">
        {found.value.profiles.map((profile) => (
          <li key={profile.id} class="stack stack--tight">
            <h3>{profile.name}</h3>
            <div class="grid-2">
              <Meter label={t.registrations} value={profile.registered} goal={profile.goal_registrations} />
              {after && <Meter label={t.attendees} value={profile.attended} goal={profile.goal_attendees} />}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NoGoals({ congress }: { congress: Congress }) {
  const t = overviewTexts();
  const define = hasRole('organiser') && (
    <LinkButton href={`/congresses/${congress.id}/audience`}>{t.define}</LinkButton>
  );
  return (
    <Card>
      <EmptyState icon="target" title={t.noGoals} action={define}>
        {t.noGoalsText}
      </EmptyState>
    </Card>
  );
}
