// One target profile on the goal board: its funnel, each step with its two numbers, and where its pace leads.
import { formatNumber, formatRate } from '../../i18n';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import type { Board, Count, Counts, InvitedCounts, ProfileGoals } from './api';
import { dueDay, invitedOf, rate } from './counts';
import { OnList } from './OnList';
import { daysBetween, deadline, projected, type Standing, standing } from './pace';
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
        goals={profile}
        held={board.sessions_held > 0}
      />
      <Pace profile={profile} board={board} zone={zone} />
      {profile.target_list && <OnList profile={profile} list={profile.target_list} congress={congress} />}
    </Card>
  );
}

type FunnelGoals = Pick<
  ProfileGoals,
  'goal_registrations' | 'goal_attendees' | 'goal_completions' | 'goal_coverage' | 'goal_registration_rate' | 'goal_participation_rate' | 'goal_completion_rate'
>;

interface FunnelProps {
  counts: Counts;
  /** Null: no such step. */
  invited?: InvitedCounts | null;
  universe?: { size: number | null; source: string | null };
  goals?: FunnelGoals;
  /** A session was held: who attended is known. */
  held: boolean;
}

export function Funnel({ counts, invited = null, universe, goals, held }: FunnelProps) {
  const t = goalTexts();
  const { registered, attended, completed } = counts;
  const size = universe?.size ?? null;
  const wanted = [goals?.goal_registrations, goals?.goal_attendees, goals?.goal_completions];
  const end = Math.max(invited?.people ?? 0, registered ?? 0, ...wanted.map((goal) => goal ?? 0), 1);
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
      <Step label={t.registered} value={registered} goal={goals?.goal_registrations} end={end} note={registeredNote(registered, invited, size, goals)} />
      {held && (
        <>
          <Step label={t.attended} value={attended} goal={goals?.goal_attendees} end={end} note={attendedNote(counts, size, goals)} />
          <Step label={t.completed} value={completed} goal={goals?.goal_completions} end={end} note={completedNote(counts, goals)} />
        </>
      )}
    </dl>
  );
}

/** A rate in words, with its goal where there is one. */
const noted = (words: string, goal: number | null | undefined) => (goal ? `${words}, ${goalTexts().goal(formatRate(goal))}` : words);
const joined = (parts: (string | false | null | 0)[]) => parts.filter(Boolean).join(' · ') || null;

/** Who came without an invitation is of no rate of the invited. */
function registeredNote(registered: Count, invited: InvitedCounts | null, universe: number | null, goals?: FunnelGoals): string | null {
  const t = goalTexts();
  if (registered === null) return null;
  return joined([
    invited && invited.people > 0 && t.ofInvited(rate(invited.registered, invited.people)),
    universe && noted(t.ofUniverse(rate(registered, universe)), goals?.goal_registration_rate),
  ]);
}

function attendedNote({ registered, attended }: Counts, universe: number | null, goals?: FunnelGoals): string | null {
  const t = goalTexts();
  if (attended === null) return null;
  const covered = universe && t.coverage(formatRate(attended / universe), `${formatNumber(attended)}/${formatNumber(universe)}`);
  return joined([
    registered !== null && registered > 0 && noted(t.ofRegistered(rate(attended, registered)), goals?.goal_participation_rate),
    covered && noted(covered, goals?.goal_coverage),
  ]);
}

function completedNote({ attended, completed }: Counts, goals?: FunnelGoals): string | null {
  if (completed === null || !attended) return null;
  return noted(goalTexts().ofAttended(rate(completed, attended)), goals?.goal_completion_rate);
}

interface StepProps {
  label: string;
  value: Count;
  goal?: number | null | undefined;
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
  const until = deadline(profile, board);
  if (!recent || !until || goal === null || registered >= goal) return null;
  const { low, high } = projected(registered, recent, daysBetween(board.as_of, until));
  return (
    <p class="pace small">
      <Spark values={recent} />
      <span>
        {t.pace(low, high, dueDay(profile, board, zone))}
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
