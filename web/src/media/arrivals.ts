// How evenly a publisher's records come, and what follows from it: how much of a voice to keep in store,
// how late the newest is, and where a picture is whose publisher says nothing. Pure.
import { PER_MS, unwrap } from './time';

const WINDOW_MS = 15_000;
const RECENT_MS = 1_000;
const MARGIN_MS = 30;
const LEAST_MS = 60;
const MOST_MS = 1_500;
const FIRST_MS = 160; // before anything is known: bundles come each 100 ms
const ENOUGH = 20;
const DRIFT = 0.001; // of the clocks, at most: the least delay may grow so fast

interface Arrival {
  at: number;
  /** Arrival minus media time: a delay plus something constant. */
  delay: number;
}

export class Arrivals {
  private readonly all: Arrival[] = [];
  private newest: number | null = null; // media time, unwrapped
  private least = Infinity;
  private leastAt = 0;

  /** now: ms; timestamp: as on the wire. Its unwrapped time. */
  note(timestamp: number, now: number): number {
    const time = unwrap(timestamp, this.newest ?? timestamp);
    if (this.newest !== null && Math.abs(time - this.newest) > 10_000 * PER_MS) this.forget();
    this.newest = Math.max(this.newest ?? time, time);
    const delay = now - time / PER_MS;
    this.all.push({ at: now, delay });
    while (this.all[0] && now - this.all[0].at > WINDOW_MS) this.all.shift();
    const drifted = this.least + (now - this.leastAt) * DRIFT;
    this.least = Math.min(delay, drifted);
    this.leastAt = now;
    return time;
  }

  /** A publisher who begins anew. */
  private forget(): void {
    this.all.length = 0;
    this.newest = null;
    this.least = Infinity;
  }

  /** Milliseconds of a voice to keep in store: enough for all but one record of a hundred. */
  target(): number {
    if (this.all.length < ENOUGH) return FIRST_MS;
    const delays = this.all.map(({ delay }) => delay).sort((a, b) => a - b);
    const spread = (delays[Math.floor(delays.length * 0.99)] ?? 0) - (delays[0] ?? 0);
    return Math.min(MOST_MS, Math.max(LEAST_MS, spread + MARGIN_MS));
  }

  /** How much later than the earliest the latest of the last second came; null: none came. */
  late(now: number): number | null {
    const recent = this.all.filter(({ at }) => now - at <= RECENT_MS);
    if (recent.length === 0) return null;
    return Math.max(0, ...recent.map(({ delay }) => delay - this.least));
  }

  /** The media time that is to be shown now, where no voice says it; null: nothing is known. */
  playout(now: number): number | null {
    if (this.all.length === 0) return null;
    return (now - this.least - this.target()) * PER_MS;
  }
}
