// The one clock of a publisher. Its voice counts samples, its picture the browser's time: the two drift
// apart by seconds in a long webinar, so the picture's time is led along the voice's. Pure.
import { PER_MS } from './time';

export const FRAME = 960; // samples of a voice frame, 20 ms
const WINDOW = 150; // frames: of these the one that came with the least delay is right
const SLEW = 0.02; // of the difference, a frame
const DRIFT = FRAME * 0.001; // a frame, at most: no two clocks are further apart
const FIRST = 50; // frames: until then it only settles
const JUMP = 60 * PER_MS; // more than that is no drift: samples were missing
const LATE_MS = 500;

export class MediaClock {
  private offset = 0;
  private last: number | null = null; // time of the last voice frame
  private frames = 0;
  private resumeAfter = 0; // never back
  private late: { since: number; least: number } | null = null;
  private readonly delays: number[] = [];

  constructor(private readonly startMs: number) {}

  private raw(ms: number): number {
    return (ms - this.startMs) * PER_MS;
  }

  /** The media time of a moment, unwrapped. */
  at(ms: number): number {
    return Math.round(this.raw(ms) + this.offset);
  }

  /** The time of the first sample of a voice frame, whose last one was given at ms. */
  voice(ms: number): number {
    const next = this.last === null ? this.resumed(ms) : this.last + FRAME;
    const time = next + this.missing(this.raw(ms) + this.offset - (next + FRAME), ms);
    this.follow(time, ms);
    this.last = time;
    return time;
  }

  private resumed(ms: number): number {
    return Math.max(this.resumeAfter, this.at(ms) - FRAME);
  }

  /** The microphone was off: its next frame begins where the clock is then. */
  pause(): void {
    this.delays.length = 0;
    this.late = null;
    if (this.last !== null) this.resumeAfter = this.last + FRAME;
    this.last = null;
  }

  /**
   * How many samples were lost before this frame, by how late it is. A page that was held up gets frames
   * late, and all at once: only what all of them were late by, for a while, is missing.
   */
  private missing(late: number, ms: number): number {
    if (late < JUMP) this.late = null;
    else this.late = { since: this.late?.since ?? ms, least: Math.min(late, this.late?.least ?? late) };
    if (!this.late || ms - this.late.since <= LATE_MS) return 0;
    const { least } = this.late;
    this.late = null;
    this.delays.length = 0;
    return Math.floor(least);
  }

  /** An overloaded machine loses samples all the time: that must not slow the clock down. */
  private step(by: number): number {
    return this.frames < FIRST ? by : Math.max(-DRIFT, Math.min(DRIFT, by));
  }

  private follow(time: number, ms: number): void {
    this.frames++;
    this.delays.push(this.raw(ms) - (time + FRAME));
    if (this.delays.length > WINDOW) this.delays.shift();
    const wanted = -Math.min(...this.delays);
    if (wanted - this.offset > JUMP) this.offset = wanted;
    else this.offset += this.step((wanted - this.offset) * SLEW);
  }
}
