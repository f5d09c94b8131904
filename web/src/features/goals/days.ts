// Registrations by day, as bars.

export interface Day {
  day: string;
  count: number;
}

const DAY_MS = 86_400_000;

/** One bar for each day from the first to the last registration, empty days included. */
export function withoutGaps(days: { day: string; registered: number }[]): Day[] {
  const counts = new Map(days.map(({ day, registered }) => [day, registered]));
  const first = days[0];
  const last = days[days.length - 1];
  if (!first || !last) return [];
  const result = [];
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    result.push({ day, count: counts.get(day) ?? 0 });
  }
  return result;
}

/** Adds empty days before the first, so that there are at least `enough`. */
export function atLeast(days: Day[], enough: number): Day[] {
  const first = days[0];
  if (!first) return days;
  const before = Array.from({ length: Math.max(0, enough - days.length) }, (_, index) => ({
    day: new Date(Date.parse(first.day) - (index + 1) * DAY_MS).toISOString().slice(0, 10),
    count: 0,
  }));
  return [...before.reverse(), ...days];
}
