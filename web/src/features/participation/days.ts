// Counting registrations by channel and by day.
import { toZone } from '../../ui/zone';

/** Registrations of each channel, over all its links. */
export function summed(links: { channel: string; registered: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { channel, registered } of links)
    if (registered > 0) sums.set(channel, (sums.get(channel) ?? 0) + registered);
  return sums;
}

export interface Day {
  day: string;
  count: number;
}

const DAY_MS = 86_400_000;

/** One bar for each day from the first to the last registration, empty days included. */
export function byDay(times: string[], zone: string): Day[] {
  const counts = new Map<string, number>();
  for (const time of times) {
    const { date } = toZone(time, zone);
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  const days = [...counts.keys()].sort();
  const first = days[0];
  const last = days[days.length - 1];
  if (!first || !last) return [];
  const result = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) {
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
