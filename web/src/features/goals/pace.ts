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

export type Standing = 'none' | 'reached' | 'on_course' | 'open' | 'short' | 'missed';

/** Where a profile stands against its goal of registrations, or of attendees where there is no other or no session is to come. */
export function standing(profile: ProfileGoals, board: Board): Standing {
  const { goal_registrations: goal, goal_attendees: attendees } = profile;
  const registered = profile.registered ?? 0;
  const over = !board.next_session_at;
  const missed = board.masked ? 'open' : 'missed'; // there may be more than is shown
  if (attendees !== null && board.sessions_held > 0 && (goal === null || over))
    return (profile.attended ?? 0) >= attendees ? 'reached' : over ? missed : 'open';
  if (goal === null) return 'none';
  if (registered >= goal) return 'reached';
  if (!board.next_session_at) return missed;
  if (!profile.recent) return 'open';
  const days = daysBetween(board.as_of, board.next_session_at);
  const { low, high } = projected(registered, profile.recent, days);
  return low >= goal ? 'on_course' : high >= goal ? 'open' : 'short';
}

export interface Gap {
  profile: ProfileGoals;
  measure: 'registrations' | 'attendees';
  missing: number;
  /** Of the goal, from 0 to 1. */
  share: number;
}

/**
 * What is missing that still can come: registrations before a session, attendees once one was held. The largest share first. Of
 * masked numbers nobody can say it.
 */
export function gaps(board: Board): Gap[] {
  if (board.masked) return [];
  return board.profiles.flatMap((profile) => gapOf(profile, board) ?? []).sort((a, b) => b.share - a.share);
}

function gapOf(profile: ProfileGoals, board: Board): Gap | null {
  const asked = [
    board.next_session_at && gap(profile, 'registrations', profile.goal_registrations, profile.registered),
    board.sessions_held > 0 && gap(profile, 'attendees', profile.goal_attendees, profile.attended),
  ];
  return asked.find((found): found is Gap => Boolean(found)) ?? null;
}

function gap(profile: ProfileGoals, measure: Gap['measure'], goal: number | null, count: Count): Gap | null {
  const value = count ?? 0;
  if (goal === null || value >= goal) return null;
  return { profile, measure, missing: goal - value, share: (goal - value) / goal };
}

/** The profiles with the largest gap first; those without one keep their order. */
export function byGap(board: Board): ProfileGoals[] {
  const shares = new Map(gaps(board).map(({ profile, share }) => [profile.id, share]));
  return [...board.profiles].sort((a, b) => (shares.get(b.id) ?? 0) - (shares.get(a.id) ?? 0));
}
