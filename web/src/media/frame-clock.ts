// When a frame of a camera was taken: frames tell times of a clock of their own, which is as even as the
// camera; when they come to the page depends on how busy it is. The one that came soonest ties the two. Pure.

const WINDOW = 60; // frames
const APART_MS = 1_000; // another beginning of the source's clock

export class FrameClock {
  private readonly delays: number[] = [];
  private last = -Infinity;

  /** own: the frame's time, ms; now: when it came. In the page's time, never back. */
  at(own: number, now: number): number {
    const delay = now - own;
    const before = this.delays.at(-1);
    if (before !== undefined && Math.abs(delay - before) > APART_MS) this.delays.length = 0;
    this.delays.push(delay);
    if (this.delays.length > WINDOW) this.delays.shift();
    this.last = Math.max(this.last, own + Math.min(...this.delays));
    return this.last;
  }
}
