// Samples of a microphone, at whatever rate its device runs, into frames of exactly 20 ms at 48 kHz, as
// Opus wants them. Runs in the audio worklet. Pure.
import { FRAME } from './clock';
import { RATE } from './time';

const TAPS = 32;
const PHASES = 128;

/** Windowed sinc, for each fraction of a sample. */
function filter(rate: number): Float32Array[] {
  const cut = Math.min(1, RATE / rate) * 0.95;
  return Array.from({ length: PHASES }, (_, phase) => {
    const taps = Float32Array.from({ length: TAPS }, (_, tap) => {
      const x = tap - TAPS / 2 + 1 - phase / PHASES;
      const sinc = x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
      const w = (x + TAPS / 2) / TAPS;
      return sinc * (0.42 - 0.5 * Math.cos(2 * Math.PI * w) + 0.08 * Math.cos(4 * Math.PI * w));
    });
    const sum = taps.reduce((all, tap) => all + tap, 0);
    return taps.map((tap) => tap / sum);
  });
}

/** Another rate into 48 kHz. */
class Resampler {
  private readonly phases: Float32Array[];
  private readonly step: number;
  private held = new Float32Array(TAPS); // the last samples of before
  private position = 0; // of the next sample, in held

  constructor(rate: number) {
    this.phases = filter(rate);
    this.step = rate / RATE;
  }

  push(block: Float32Array, take: (sample: number) => void): void {
    const all = new Float32Array(this.held.length + block.length);
    all.set(this.held);
    all.set(block, this.held.length);
    for (; this.position + TAPS < all.length; this.position += this.step) take(this.at(all));
    const done = Math.floor(this.position);
    this.held = all.slice(done);
    this.position -= done;
  }

  private at(all: Float32Array): number {
    const whole = Math.floor(this.position);
    const taps = this.phases[Math.floor((this.position - whole) * PHASES)];
    let sum = 0;
    for (let tap = 0; taps && tap < TAPS; tap++) sum += (taps[tap] ?? 0) * (all[whole + tap] ?? 0);
    return sum;
  }
}

export class Framer {
  private frame = new Float32Array(FRAME);
  private filled = 0;
  private readonly resampler: Resampler | null;

  constructor(rate: number, private readonly emit: (frame: Float32Array<ArrayBuffer>) => void) {
    this.resampler = rate === RATE ? null : new Resampler(rate);
  }

  push(block: Float32Array): void {
    if (this.resampler) return this.resampler.push(block, (sample) => this.take(sample));
    for (const sample of block) this.take(sample);
  }

  private take(sample: number): void {
    this.frame[this.filled++] = sample;
    if (this.filled < FRAME) return;
    this.emit(this.frame);
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
  }
}
