// What is missing to a goal, and where the pace of the last seven days leads.
import type { Board, Count, ProfileGoals } from './api';

const DAY_MS = 86_400_000;
const WEEK = 7;
/** Of a normal distribution: 80 of 100 futures lie between. */
const SPREAD = 1.28;

export interface Projection {
  low: number;
  high: number;
}

export const daysBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / DAY_MS);

/**
 * How many will be registered after so many days if people come as in the last seven. Registrations are taken for a Poisson
 * process: what is to come varies by its own chance and by that of the seven days it is estimated from.
 */
export function projected(registered: number, recent: readonly number[], days: number): Projection {
  const pace = recent.reduce((sum, n) => sum + n, 0) / WEEK;
  const expected = pace * days;
  const spread = SPREAD * Math.sqrt(expected * (1 + days / WEEK));
  return {
    low: registered + Math.max(0, Math.floor(expected - spread)),
    high: registered + Math.ceil(expected + spread),
  };
}

/** Until when registrations help the goal: the end of its day, or the next session; null: not any more. */
export function deadline({ goal_due_at }: ProfileGoals, { as_of, next_session_at }: Board): string | null {
  if (!next_session_at) return null;
  if (!goal_due_at) return next_session_at;
  return Date.parse(goal_due_at) > Date.parse(as_of) ? goal_due_at : null;
}

// --- the goals of what people did ---

export const OUTCOMES = ['attendees', 'completions', 'coverage', 'registration_rate', 'participation_rate', 'completion_rate'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A rate's two numbers; of a count, the second is null. A number that is masked or not known is null. */
export function partsOf(profile: ProfileGoals, outcome: Outcome): [Count, Count] {
  const { registered, attended, completed, universe } = profile;
  const parts: Record<Outcome, [Count, Count]> = {
    attendees: [attended, null],
    completions: [completed, null],
    coverage: [attended, universe],
    registration_rate: [registered, universe],
    participation_rate: [attended, registered],
    completion_rate: [completed, attended],
  };
  return parts[outcome];
}

export const isCount = (outcome: Outcome): outcome is 'attendees' | 'completions' => outcome === 'attendees' || outcome === 'completions';

/** Null: nobody can say, as the rate's denominator is not known. Compared in whole numbers: goals of rates are in thousandths. */
function isReached(profile: ProfileGoals, outcome: Outcome, goal: number): boolean | null {
  const [part, whole] = partsOf(profile, outcome);
  if (isCount(outcome)) return (part ?? 0) >= goal;
  if (whole === null) return null;
  return whole > 0 && (part ?? 0) * 1000 >= whole * Math.round(goal * 1000);
}

const outcomeGoals = (profile: ProfileGoals) =>
  OUTCOMES.flatMap((outcome) => {
    const goal = profile[`goal_${outcome}`];
    return goal === null ? [] : [{ outcome, goal, reached: isReached(profile, outcome, goal) }];
  });

// --- where a profile stands ---

export type Standing = 'none' | 'reached' | 'on_course' | 'open' | 'short' | 'missed';

/** Where a profile stands against its goal of registrations, or against its other goals where it has none or no session is to come. */
export function standing(profile: ProfileGoals, board: Board): Standing {
  const over = !board.next_session_at;
  const outcomes = outcomeGoals(profile);
  const missed = board.masked ? 'open' : 'missed'; // there may be more than is shown
  if (outcomes.length === 0 || board.sessions_held === 0 || (profile.goal_registrations !== null && !over))
    return ofRegistrations(profile, board, missed);
  if (outcomes.every(({ outcome, reached }) => reached && (isCount(outcome) || !board.masked))) return 'reached';
  return over && outcomes.some(({ reached }) => reached === false) ? missed : 'open';
}

function ofRegistrations(profile: ProfileGoals, board: Board, missed: Standing): Standing {
  const goal = profile.goal_registrations;
  const registered = profile.registered ?? 0;
  if (goal === null) return 'none';
  if (registered >= goal) return 'reached';
  const until = deadline(profile, board);
  if (!until) return missed;
  if (!profile.recent) return 'open';
  const { low, high } = projected(registered, profile.recent, daysBetween(board.as_of, until));
  return low >= goal ? 'on_course' : high >= goal ? 'open' : 'short';
}

// --- what is missing ---

export interface Gap {
  profile: ProfileGoals;
  measure: 'registrations' | Outcome;
  /** People; of a rate, a share. */
  missing: number;
  /** Of the goal, from 0 to 1. */
  share: number;
}

/**
 * What is missing that still can come: registrations before their day, the rest once a session was held. The largest share first. Of
 * masked numbers nobody can say it.
 */
export function gaps(board: Board): Gap[] {
  if (board.masked) return [];
  return board.profiles.flatMap((profile) => gapOf(profile, board) ?? []).sort((a, b) => b.share - a.share);
}

function gapOf(profile: ProfileGoals, board: Board): Gap | null {
  const goal = profile.goal_registrations;
  const registered = profile.registered ?? 0;
  if (goal !== null && registered < goal && deadline(profile, board))
    return { profile, measure: 'registrations', missing: goal - registered, share: (goal - registered) / goal };
  if (board.sessions_held === 0) return null;
  const short = outcomeGoals(profile).find(({ reached }) => !reached);
  if (!short) return null;
  const [part, whole] = partsOf(profile, short.outcome);
  const value = isCount(short.outcome) ? (part ?? 0) : whole ? (part ?? 0) / whole : 0;
  return { profile, measure: short.outcome, missing: short.goal - value, share: (short.goal - value) / short.goal };
}

/** The profiles with the largest gap first; those without one keep their order. */
export function byGap(board: Board): ProfileGoals[] {
  const shares = new Map(gaps(board).map(({ profile, share }) => [profile.id, share]));
  return [...board.profiles].sort((a, b) => (shares.get(b.id) ?? 0) - (shares.get(a.id) ?? 0));
}
