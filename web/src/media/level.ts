// How loud a frame of a voice is. Pure.
import type { Level } from './types';

const SILENCE = 127;
const FLOOR = 60; // quieter than this, the meter shows nothing

/** −dBov as RFC 6464 has it: 0 loudest, 127 silence. */
export function dbovOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (!(rms > 0)) return SILENCE;
  return Math.min(SILENCE, Math.max(0, Math.round(-20 * Math.log10(rms))));
}

export function levelOf(dbov: number): Level {
  return { dbov, meter: Math.max(0, 1 - dbov / FLOOR) };
}
