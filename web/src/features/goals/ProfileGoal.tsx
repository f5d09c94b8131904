// One target profile on the goal board: its funnel, each step with its two numbers, and where its pace leads.
import { formatDate, formatNumber, formatRate } from '../../i18n';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import type { Board, Count, Counts, InvitedCounts, ProfileGoals } from './api';
import { invitedOf, rate } from './counts';
import { OnList } from './OnList';
import { daysBetween, projected, type Standing, standing } from './pace';
import { goalTexts } from './texts';

const tones: Record<Standing, BadgeTone> = {
  none: 'neutral',
  reached: 'good',
  on_course: 'good',
  open: 'info',
  short: 'warn',
  missed: 'bad',
};

interface ProfileGoalProps {
  profile: ProfileGoals;
  board: Board;
  congress: string;
  zone: string;
}

export function ProfileGoal({ profile, board, congress, zone }: ProfileGoalProps) {
  const t = goalTexts();
  const stands = standing(profile, board);
  return (
    <Card
      level={3}
      title={profile.name}
      actions={<Badge tone={tones[stands]}>{t[stands]}</Badge>}
    >
      <Funnel
        counts={profile}
        invited={invitedOf(board, profile.id)}
        universe={{ size: profile.universe, source: profile.universe_source }}
        goals={{ registered: profile.goal_registrations, attended: profile.goal_attendees }}
        held={board.sessions_held > 0}
      />
      <Pace profile={profile} board={board} zone={zone} />
      {profile.target_list && <OnList profile={profile} list={profile.target_list} congress={congress} />}
    </Card>
  );
}

interface FunnelProps {
  counts: Counts;
  /** Null: no such step. */
  invited?: InvitedCounts | null;
  universe?: { size: number | null; source: string | null };
  goals?: { registered: number | null; attended: number | null };
  /** A session was held: who attended is known. */
  held: boolean;
}

export function Funnel({ counts, invited = null, universe, goals, held }: FunnelProps) {
  const t = goalTexts();
  const { registered, attended, completed } = counts;
  const size = universe?.size ?? null;
  const end = Math.max(invited?.people ?? 0, registered ?? 0, goals?.registered ?? 0, goals?.attended ?? 0, 1);
  return (
    <dl class="funnel">
      {universe && (
        <div class="funnel__step funnel__step--universe">
          <dt>{t.universe}</dt>
          <dd class="number">{size === null ? <span class="funnel__unknown">{t.universeUnknown}</span> : formatNumber(size)}</dd>
          {universe.source && <dd class="funnel__note">{universe.source}</dd>}
        </div>
      )}
      {invited && <Step label={t.invited} value={invited.people} end={end} note={size ? t.ofUniverse(rate(invited.people, size)) : null} />}
      <Step label={t.registered} value={registered} goal={goals?.registered ?? null} end={end} note={registeredNote(registered, invited, size)} />
      {held && (
        <>
          <Step label={t.attended} value={attended} goal={goals?.attended ?? null} end={end} note={attendedNote(counts, size)} />
          <Step label={t.completed} value={completed} end={end} note={completed !== null && attended ? t.ofAttended(rate(completed, attended)) : null} />
        </>
      )}
    </dl>
  );
}

/** Who came without an invitation is of no rate of the invited. */
function registeredNote(registered: Count, invited: InvitedCounts | null, universe: number | null): string | null {
  const t = goalTexts();
  if (registered === null) return null;
  const parts = [
    invited && invited.people > 0 && t.ofInvited(rate(invited.registered, invited.people)),
    universe && t.ofUniverse(rate(registered, universe)),
  ];
  return parts.filter(Boolean).join(' · ') || null;
}

function attendedNote({ registered, attended }: Counts, universe: number | null): string | null {
  const t = goalTexts();
  if (attended === null) return null;
  const parts = [
    registered !== null && registered > 0 && t.ofRegistered(rate(attended, registered)),
    universe && t.coverage(formatRate(attended / universe), `${formatNumber(attended)}/${formatNumber(universe)}`),
  ];
  return parts.filter(Boolean).join(' · ') || null;
}

interface StepProps {
  label: string;
  value: Count;
  goal?: number | null;
  end: number;
  note: string | null;
}

function Step({ label, value, goal = null, end, note }: StepProps) {
  const t = goalTexts();
  const drawn = value ?? 0;
  const reached = goal !== null && drawn >= goal;
  return (
    <div class={`funnel__step${reached ? ' funnel__step--reached' : ''}`}>
      <dt>{label}</dt>
      <dd class="number">
        {value === null ? <span class="funnel__unknown">{t.masked}</span> : formatNumber(value)}
        {goal !== null && <span class="funnel__goal">{t.goal(formatNumber(goal))}</span>}
      </dd>
      <dd class="funnel__draw" aria-hidden="true">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none">
          <rect class="bar__track" width="100" height="10" />
          <rect class="funnel__bar" width={(drawn / end) * 100} height="10" />
          {goal !== null && <rect class="funnel__mark" x={Math.min(99.4, (goal / end) * 100 - 0.3)} width="0.6" height="10" />}
        </svg>
      </dd>
      {note && <dd class="funnel__note number">{note}</dd>}
    </div>
  );
}

function Pace({ profile, board, zone }: { profile: ProfileGoals; board: Board; zone: string }) {
  const t = goalTexts();
  const { recent, goal_registrations: goal } = profile;
  const registered = profile.registered ?? 0;
  if (!recent || !board.next_session_at || goal === null || registered >= goal) return null;
  const { low, high } = projected(registered, recent, daysBetween(board.as_of, board.next_session_at));
  const day = formatDate(board.next_session_at, zone, { day: 'numeric', month: 'long' });
  return (
    <p class="pace small">
      <Spark values={recent} />
      <span>
        {t.pace(low, high, day)}
        {low !== high && <span class="pace__how faint">{t.paceHow}</span>}
      </span>
    </p>
  );
}

/** The seven days that the sentence beside it speaks of. */
function Spark({ values }: { values: number[] }) {
  const most = Math.max(1, ...values);
  return (
    <svg class="pace__spark" viewBox="0 0 35 20" aria-hidden="true">
      {values.map((value, index) => (
        <rect key={index} x={index * 5} y={19 - (value / most) * 18} width="4" height={(value / most) * 18 + 1} />
      ))}
    </svg>
  );
}
