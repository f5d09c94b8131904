// Which records of a picture can be decoded, and when its decoder must be set up anew: a picture begins
// with a key frame of a rung whose config is known, and after a hole waits for the next. Pure.
import { type Config, decodeConfig, Flag, type MediaRecord } from './records';

type PictureConfig = Extract<Config, { width: number }>;

interface Known {
  generation: number;
  config: PictureConfig;
}

export interface Decodable {
  key: boolean;
  low: boolean;
  /** The decoder is to be set up for it first. */
  setUp: PictureConfig | null;
}

export class PictureGate {
  private readonly known = new Map<boolean, Known>(); // by low
  private current: (Known & { low: boolean }) | null = null;
  private needsKey = true;
  private sequence = 0;
  private discardable = false; // the last one was
  private layered = false; // there are such ones
  waited = 0; // records that were left out for want of a key frame

  config(record: MediaRecord): void {
    const config = decodeConfig(record.bytes);
    if (!config || !('width' in config)) return;
    const low = (record.flags & Flag.low) !== 0;
    const before = this.known.get(low);
    if (before?.generation === record.generation && same(before.config, config)) return;
    this.known.set(low, { generation: record.generation, config });
  }

  /** Null: it is of no use. */
  take(record: MediaRecord): Decodable | null {
    const key = (record.flags & Flag.key) !== 0;
    const low = (record.flags & Flag.low) !== 0;
    const known = this.known.get(low);
    if (!known || known.generation !== record.generation) return this.wait();
    if (key) return this.begin(record, known, low);
    if (this.current?.low !== low) return this.wait();
    const follows = this.follows(record);
    if (this.current.config !== known.config || this.needsKey || !follows) {
      this.needsKey = true;
      return this.wait();
    }
    this.note(record);
    return { key, low, setUp: null };
  }

  private wait(): null {
    this.waited++;
    return null;
  }

  private begin(record: MediaRecord, known: Known, low: boolean): Decodable {
    const setUp = this.current?.config === known.config ? null : known.config;
    if (this.current?.low !== low) this.layered = false;
    this.current = { ...known, low };
    this.needsKey = false;
    this.note(record);
    return { key: true, low, setUp };
  }

  /**
   * Discardable frames are left out on a tight network: they come every other time, so a hole of one
   * between two others is one of them.
   */
  private follows({ sequence, flags }: MediaRecord): boolean {
    const holes = (sequence - this.sequence - 1) & 0xffff;
    if (holes === 0) return true;
    return holes === 1 && this.layered && !this.discardable && !(flags & Flag.discardable);
  }

  private note({ sequence, flags }: MediaRecord): void {
    this.sequence = sequence;
    this.discardable = (flags & Flag.discardable) !== 0;
    this.layered ||= this.discardable;
  }

  /** The decoder failed, or the publisher's connection began anew. */
  restart(): void {
    this.needsKey = true;
    this.current = null;
  }

  /** Whether the rung that ended is the one that is shown. */
  ends(record: MediaRecord): boolean {
    const low = (record.flags & Flag.low) !== 0;
    if (this.current && this.current.low !== low) return false;
    this.restart();
    return true;
  }
}

const same = (a: PictureConfig, b: PictureConfig): boolean =>
  a.codec === b.codec && a.width === b.width && a.height === b.height;
