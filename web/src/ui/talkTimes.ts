// When talks are: they are told in minutes from the start of their session.

interface Timed {
  start_minute: number;
  minutes: number;
}

/** The time of a minute of a session that starts (or started) then. */
export const timeAt = (start: string, minute: number): Date =>
  new Date(new Date(start).getTime() + minute * 60_000);

export interface Running {
  /** Its index; -1: none. */
  now: number;
  next: number;
}

/** What runs at a time, and what comes next. Of talks that overlap the one that began last runs. */
export function running(talks: readonly Timed[], start: string, at: number): Running {
  const minute = (at - new Date(start).getTime()) / 60_000;
  let now = -1;
  let next = -1;
  talks.forEach(({ start_minute, minutes }, index) => {
    const begun = start_minute <= minute;
    if (begun && minute < start_minute + minutes && start_minute >= (talks[now]?.start_minute ?? 0)) now = index;
    if (!begun && start_minute < (talks[next]?.start_minute ?? Infinity)) next = index;
  });
  return { now, next };
}

/** Moves a talk before or after its neighbour: the two take each other's turn, and what lies between stays. */
export function exchanged<T extends Timed>(talks: readonly T[], index: number, by: -1 | 1): T[] {
  const at = Math.min(index, index + by);
  const [first, second] = [talks[at], talks[at + 1]];
  if (!first || !second) return [...talks];
  const pause = Math.max(0, second.start_minute - first.start_minute - first.minutes);
  const ahead = { ...second, start_minute: first.start_minute };
  const behind = { ...first, start_minute: first.start_minute + second.minutes + pause };
  return [...talks.slice(0, at), ahead, behind, ...talks.slice(at + 2)];
}

/** In the order of their beginnings. */
export const inOrder = <T extends Timed>(talks: readonly T[]): T[] =>
  [...talks].sort((a, b) => a.start_minute - b.start_minute);
