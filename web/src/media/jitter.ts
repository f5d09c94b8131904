// The jitter buffer of one voice: samples go in when they are decoded, and come out evenly, at a rate
// that leads the amount in store to its target. It runs in the audio worklet. Pure.
import { RATE } from './time';

const STORE = 8 * RATE;
const JUMP = 2 * RATE; // times further apart than this are another beginning
const FAR = RATE; // over the target: the rest is skipped
const NEAR = 0.03 * RATE; // from the target, nothing is done
const FASTEST = 1.04;
const SLOWEST = 0.98;
const FADE = 1 / 240; // a sample: 5 ms from silence to full
const EXTRA = 0.08 * RATE; // kept in store after each underrun
const EXTRA_MOST = 0.5 * RATE;
const EXTRA_FADES = 0.002; // of a sample, a sample
const IDLE = 0.3 * RATE; // read without anything to read: nobody speaks

export interface JitterView {
  /** Unwrapped media time of the next sample to be heard; null: nothing came yet. */
  position: number | null;
  playing: boolean;
  /** Samples in store, and wanted there. */
  level: number;
  target: number;
  underruns: number;
  skips: number;
  played: number;
  silent: number;
}

export class JitterBuffer {
  private readonly store = new Float32Array(STORE);
  private end: number | null = null;
  private position = 0;
  private playing = false;
  private ended = true; // its publisher said so, or nothing came for long: silence is no fault
  private starved = 0; // samples of silence since the last one that was heard
  private extra = 0; // over the target, since that was not enough
  private gain = 0;
  private last = 0;
  private underruns = 0;
  private skips = 0;
  private played = 0;
  private silent = 0;

  constructor(private aimed: number) {}

  /** Samples to have in store before the first is heard, and to lead the store to. */
  aim(target: number): void {
    this.aimed = target;
  }

  private get target(): number {
    return this.aimed + this.extra;
  }

  /** time: unwrapped, of the first sample. */
  put(time: number, samples: Float32Array): void {
    const anew = this.end === null || Math.abs(time - this.end) > JUMP;
    // After an end, the silence until somebody speaks again is over already.
    if (anew || (this.ended && !this.playing && time > (this.end ?? 0))) this.begin(time);
    let end = this.end ?? time;
    if (time > end) {
      // What is missing is heard as silence.
      for (let at = end; at < time; at++) this.store[at % STORE] = 0;
      end = time;
    }
    for (let i = Math.max(0, end - time); i < samples.length; i++)
      this.store[(time + i) % STORE] = samples[i] ?? 0;
    this.end = Math.max(end, time + samples.length);
    this.ended = false;
  }

  private begin(time: number): void {
    this.end = this.position = time;
    this.playing = false;
  }

  /** No more comes for now: what is in store is played to its end. */
  finish(): void {
    this.ended = true;
  }

  /** Adds what is heard to `out`; step: samples of the store for one of `out`. */
  read(out: Float32Array, step: number): void {
    const level = this.level();
    this.extra = Math.max(0, this.extra - out.length * EXTRA_FADES);
    if (!this.playing && this.end !== null && this.mayBegin(level)) this.playing = true;
    if (!this.playing) return this.beSilent(out, 0);
    if (level > this.target + FAR && this.end !== null) {
      this.position = this.end - this.target;
      this.skips++;
      this.gain = 0;
    }
    this.play(out, step * this.rate(this.level()));
  }

  private mayBegin(level: number): boolean {
    return level >= this.target || (this.ended && level > 1);
  }

  private level(): number {
    return this.end === null ? 0 : this.end - this.position;
  }

  private rate(level: number): number {
    const over = level - this.target;
    if (over > NEAR) return Math.min(FASTEST, 1 + (over / RATE) * 0.15);
    if (over < -NEAR && !this.ended) return Math.max(SLOWEST, 1 + (over / RATE) * 0.1);
    return 1;
  }

  private play(out: Float32Array, step: number): void {
    const end = this.end ?? 0;
    for (let i = 0; i < out.length; i++) {
      const whole = Math.floor(this.position);
      if (whole + 1 >= end) {
        this.runDry();
        return this.beSilent(out, i);
      }
      const part = this.position - whole;
      const a = this.store[whole % STORE] ?? 0;
      const b = this.store[(whole + 1) % STORE] ?? 0;
      this.gain = Math.min(1, this.gain + FADE);
      this.last = (a + (b - a) * part) * this.gain;
      out[i] = (out[i] ?? 0) + this.last;
      this.position += step;
      this.played++;
    }
    this.starved = 0;
  }

  private runDry(): void {
    this.playing = false;
    this.gain = 0;
    if (this.ended) return;
    this.underruns++;
    this.extra = Math.min(EXTRA_MOST, this.extra + EXTRA);
  }

  /** The last sample fades away, so that it does not click. */
  private beSilent(out: Float32Array, from: number): void {
    for (let i = from; i < out.length; i++) {
      this.last *= 0.98;
      out[i] = (out[i] ?? 0) + this.last;
    }
    this.starved += out.length - from;
    if (!this.ended) this.silent += out.length - from;
    if (this.starved > IDLE && this.level() <= 1) this.ended = true;
  }

  view(): JitterView {
    const { playing, target, underruns, skips, played, silent } = this;
    const position = this.end === null ? null : this.position;
    return { position, playing, level: this.level(), target, underruns, skips, played, silent };
  }
}
