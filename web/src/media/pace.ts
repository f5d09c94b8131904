// Which frames of a camera are encoded, at what size, and which of them are key frames. Pure.

const KEY_EACH_MS = 4_000;
const KEY_ASKED_MS = 1_000; // at most one a second, however many ask
const EARLY_MS = 15; // sources are no clocks: half of a frame at 30 a second
const BLOCK = 16; // sizes are multiples of it: decoders pad what is not, and some show the padding

/** Evenly chosen frames, so many a second, of a source that gives more. */
export class Pace {
  private due = -Infinity;
  private readonly every: number;

  constructor(perSecond: number) {
    this.every = 1000 / perSecond;
  }

  take(now: number): boolean {
    if (now < this.due - EARLY_MS) return false;
    this.due = this.due + this.every > now ? this.due + this.every : now + this.every;
    return true;
  }
}

export class KeyPlan {
  private asked = true;
  private last = -Infinity;

  ask(): void {
    this.asked = true;
  }

  /** Whether the frame that is encoded now is to be one. needed: nothing else would be taken. */
  take(now: number, needed: boolean): boolean {
    const since = now - this.last;
    const key = since >= KEY_EACH_MS || ((this.asked || needed) && since >= KEY_ASKED_MS);
    if (!key) return false;
    this.asked = false;
    this.last = now;
    return true;
  }
}

export interface Fit {
  width: number;
  height: number;
  /** The part of the source that is used. */
  crop: { x: number; y: number; width: number; height: number };
}

const even = (n: number): number => 2 * Math.floor(n / 2);
const blocks = (n: number): number => Math.max(BLOCK, BLOCK * Math.round(n / BLOCK));

/**
 * The size to encode a source at, never larger than it: within `most`, in the shape of `most` (a camera) or
 * of the source (a screen, where nothing may be cut off).
 */
export function fit(source: Size, most: Size, shape: 'most' | 'source'): Fit {
  const like = shape === 'most' ? most : source;
  const used = inner(source, like);
  const scale = Math.min(1, most.width / used.width, most.height / used.height);
  const width = Math.min(most.width, blocks(used.width * scale));
  const height = Math.min(most.height, blocks(used.height * scale));
  const part = shape === 'most' ? inner(source, { width, height }) : source;
  const x = even((source.width - part.width) / 2);
  const y = even((source.height - part.height) / 2);
  return { width, height, crop: { x, y, width: even(part.width), height: even(part.height) } };
}

export interface Size {
  width: number;
  height: number;
}

/** The largest part of `of` in the shape of `like`. */
function inner(of: Size, like: Size): Size {
  const scale = Math.min(of.width / like.width, of.height / like.height);
  return { width: like.width * scale, height: like.height * scale };
}
