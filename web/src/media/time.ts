// Media timestamps: 1/48,000 s, modulo 2^32. Inside the library they are unwrapped: they go on past 2^32.

export const RATE = 48_000;
export const PER_MS = RATE / 1000;
const AROUND = 2 ** 32;

export const wrap = (time: number): number => ((time % AROUND) + AROUND) % AROUND;

/** How far `to` is after `from`, both wrapped; negative: before. */
export const distance = (from: number, to: number): number => (to - from) | 0;

/** The unwrapped time of `timestamp` that is nearest to `near`. */
export function unwrap(timestamp: number, near: number): number {
  return near + distance(wrap(near), timestamp);
}

/** Of WebCodecs, whose clock is in microseconds. There and back is exact. */
export const toMicros = (time: number): number => Math.round((time * 1000) / PER_MS);
export const fromMicros = (micros: number): number => Math.round((micros * PER_MS) / 1000);
