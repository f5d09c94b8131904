// What a viewer asks for: voice alone, the small picture or the large one. Only the viewer can tell:
// behind a proxy the server sees no congestion at all. It starts with voice and climbs only to what
// surely fits; it goes down at once and comes back later each time. Pure.
import type { Rung } from './types';

const RUNGS: readonly Rung[] = ['voice', 'low', 'high'];
/** kbit/s on the wire, of everything that the rung includes. */
const NEEDS = { voice: 36, low: 110, high: 470 } as const;
const SPARE = 1.5;
const LATE_MS = 700;
const CALM_MS = 300; // later than this, nothing is tried
const HOLD_MS = 2_500; // what waited before a move comes first
const FIRST_WAIT_MS = { voice: 0, low: 2_000, high: 4_000 } as const;
const WAIT_MOST_MS = 120_000;
const FAILED_MS = 20_000; // a fall so soon after a climb: the climb failed
const CONFIRM = 2; // looks in a row
const TRIED_MS = 30_000; // a try by hand counts as asked for so long

export interface Look {
  now: number;
  /** Of the last second; null: nothing came, which may be silence. */
  lateMs: number | null;
  /** kbit/s; null: not measured. */
  throughput: number | null;
  hidden: boolean;
  ceiling: Rung;
}

export const rankOf = (rung: Rung): number => RUNGS.indexOf(rung);
const lower = (a: Rung, b: Rung): Rung => (rankOf(a) < rankOf(b) ? a : b);

/** Whether it fits one and a half times into what was measured. */
export function fits(rung: Rung, throughput: number | null): boolean {
  return throughput !== null && throughput >= NEEDS[rung] * SPARE;
}

export class Ladder {
  private rung: Rung = 'voice';
  private movedAt: number;
  private climbedAt = -Infinity;
  private calmSince: number;
  private bad = 0;
  private triedAt = -Infinity;
  private readonly waits: Record<Rung, number> = { ...FIRST_WAIT_MS };

  constructor(now: number) {
    this.movedAt = this.calmSince = now;
  }

  get now(): Rung {
    return this.rung;
  }

  /** A person wants the picture, whatever was measured: the small one, at once. */
  tryPicture(now: number): void {
    this.triedAt = now;
    if (this.rung === 'voice') this.climb('low', now);
  }

  /** To be called several times a second. The rung to ask for. */
  look(look: Look): Rung {
    const { now, lateMs, hidden, ceiling } = look;
    if ((lateMs ?? 0) > CALM_MS) this.calmSince = now;
    if (this.falls(now, lateMs)) this.fall(now);
    const next = RUNGS[rankOf(this.rung) + 1];
    if (next && !hidden && rankOf(next) <= rankOf(ceiling) && this.mayClimb(next, look)) this.climb(next, now);
    return hidden ? 'voice' : lower(this.rung, ceiling);
  }

  /** The picture is left out because of the network, and does not come by itself soon. */
  holds({ throughput }: Pick<Look, 'throughput'>): boolean {
    return this.rung === 'voice' && throughput !== null && !fits('low', throughput);
  }

  private falls(now: number, lateMs: number | null): boolean {
    const late = this.rung !== 'voice' && (lateMs ?? 0) > LATE_MS && now - this.movedAt > HOLD_MS;
    this.bad = late ? this.bad + 1 : 0;
    return this.bad >= CONFIRM;
  }

  private fall(now: number): void {
    if (now - this.climbedAt < FAILED_MS)
      this.waits[this.rung] = Math.min(WAIT_MOST_MS, this.waits[this.rung] * 2);
    this.move(RUNGS[rankOf(this.rung) - 1] ?? 'voice', now);
  }

  private mayClimb(next: Rung, { now, throughput }: Look): boolean {
    const tried = next === 'low' && now - this.triedAt < TRIED_MS;
    if (!fits(next, throughput) && !tried) return false;
    return now - Math.max(this.movedAt, this.calmSince) >= this.waits[next];
  }

  private climb(to: Rung, now: number): void {
    this.climbedAt = now;
    this.move(to, now);
  }

  private move(to: Rung, now: number): void {
    this.rung = to;
    this.movedAt = now;
    this.bad = 0;
  }
}
