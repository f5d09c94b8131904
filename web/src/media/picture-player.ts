// One picture that comes: decoded while somebody looks, and drawn when its moment is heard.
import { Arrivals } from './arrivals';
import { type Decodable, PictureGate } from './picture-gate';
import { type MediaRecord, Type } from './records';
import { distance, fromMicros, PER_MS, toMicros, wrap } from './time';
import type { PictureView } from './types';

const FRAMES_MOST = 40; // decoded, that wait for their moment; more are shown before it
const HELD_MOST = 60; // while nobody draws: the page is hidden
const BACKLOG_MOST = 200; // not decoded, since the last key frame
const FROZEN_MS = 1_500;
const STILL_MS = 3_000; // the same of a screen, which changes seldom

interface Chunk {
  decodable: Decodable;
  time: number;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Waiting {
  time: number;
  frame: VideoFrame;
}

export class PicturePlayer {
  private readonly gate = new PictureGate();
  private readonly arrivals = new Arrivals();
  private readonly canvases = new Set<HTMLCanvasElement>();
  private decoder: VideoDecoder | null = null;
  private backlog: Chunk[] = []; // what nobody looks at
  private waiting: Waiting[] = [];
  private shown: number | null = null; // media time of what is on the canvas
  private size = { width: 0, height: 0 };
  private kind: 'camera' | 'screen' = 'camera';
  private low = false;
  private ended = false;
  private cameAt = -Infinity;
  drawn = 0;
  errors = 0;

  constructor(readonly stream: number) {}

  get waitedForKey(): number {
    return this.gate.waited;
  }

  config(record: MediaRecord): void {
    this.gate.config(record);
  }

  gap(record: MediaRecord): void {
    if (this.gate.ends(record)) this.ended = true;
  }

  take(record: MediaRecord, now: number): void {
    this.kind = record.type === Type.screen ? 'screen' : 'camera';
    const time = this.arrivals.note(record.timestamp, now);
    const decodable = this.gate.take(record);
    if (!decodable) return;
    this.cameAt = now;
    this.ended = false;
    this.low = decodable.low;
    const chunk = { decodable, time, bytes: record.bytes };
    if (this.canvases.size === 0) this.keep(chunk);
    else this.decode(chunk);
  }

  /** From the newest key frame on: whoever looks sees something at once. */
  private keep(chunk: Chunk): void {
    const { key, setUp } = chunk.decodable;
    const before = this.backlog.find(({ decodable }) => decodable.setUp)?.decodable.setUp ?? null;
    if (key) {
      this.backlog = [{ ...chunk, decodable: { ...chunk.decodable, setUp: setUp ?? before } }];
      return;
    }
    if (this.backlog.length > 0) this.backlog.push(chunk);
    if (this.backlog.length <= BACKLOG_MOST) return;
    this.backlog = [];
    this.gate.restart();
  }

  private decode({ decodable, time, bytes }: Chunk): void {
    try {
      if (decodable.setUp) this.setUp(decodable.setUp);
      if (this.decoder?.state !== 'configured') return this.gate.restart();
      const type = decodable.key ? 'key' : 'delta';
      this.decoder.decode(new EncodedVideoChunk({ type, timestamp: toMicros(time), duration: 66_667, data: bytes }));
    } catch {
      this.fail();
    }
  }

  private setUp({ codec, width, height }: NonNullable<Decodable['setUp']>): void {
    this.closeDecoder();
    const decoder = new VideoDecoder({
      output: (frame) => (decoder === this.decoder ? this.decoded(frame) : frame.close()),
      error: () => {
        if (decoder === this.decoder) this.fail();
      },
    });
    this.decoder = decoder;
    decoder.configure({ codec, codedWidth: width, codedHeight: height, optimizeForLatency: true });
  }

  private decoded(frame: VideoFrame): void {
    this.waiting.push({ frame, time: fromMicros(frame.timestamp) });
    if (this.waiting.length > HELD_MOST) this.waiting.shift()?.frame.close();
  }

  /** Goes on with the next key frame. */
  private fail(): void {
    this.errors++;
    this.closeDecoder();
    this.gate.restart();
  }

  show(canvas: HTMLCanvasElement): () => void {
    this.canvases.add(canvas);
    for (const chunk of this.backlog.splice(0)) this.decode(chunk);
    return () => {
      this.canvases.delete(canvas);
      if (this.canvases.size > 0) return;
      // Decoded no more: who looks again sees from the next key frame on.
      this.closeDecoder();
      this.gate.restart();
    };
  }

  /** voice: media time of the publisher's voice that is heard now, null when nothing of it is. */
  draw(voice: number | null, now: number): void {
    const until = voice ?? this.arrivals.playout(now);
    if (until === null || this.waiting.length === 0) return;
    const due = this.waiting.filter(({ time }) => distance(wrap(until), wrap(time)) <= 0).length;
    // The first one is shown as soon as it is there.
    const least = this.shown === null ? 1 : this.waiting.length - FRAMES_MOST;
    const count = Math.max(due, least);
    const taken = this.waiting.splice(0, count);
    const last = taken.at(-1);
    try {
      if (last && this.isNewer(last.time)) this.paint(last);
    } finally {
      for (const { frame } of taken) frame.close();
    }
  }

  private isNewer(time: number): boolean {
    // Another rung begins with its key frame, which may be older than what is shown; far back is another beginning.
    const back = this.shown === null ? -1 : distance(wrap(time), wrap(this.shown));
    return back < 0 || back > 5_000 * PER_MS;
  }

  private paint({ frame, time }: Waiting): void {
    this.shown = time;
    this.drawn++;
    this.size = { width: frame.displayWidth, height: frame.displayHeight };
    for (const canvas of this.canvases) {
      if (canvas.width !== this.size.width) canvas.width = this.size.width;
      if (canvas.height !== this.size.height) canvas.height = this.size.height;
      canvas.getContext('2d', { alpha: false })?.drawImage(frame, 0, 0, canvas.width, canvas.height);
    }
  }

  late(now: number): number | null {
    return this.arrivals.late(now);
  }

  view(now: number): PictureView {
    const { stream, kind, low, size } = this;
    const still = kind === 'screen' ? STILL_MS : FROZEN_MS;
    const is = this.ended ? 'ended' : this.cameAt === -Infinity ? 'waiting' : now - this.cameAt > still ? 'frozen' : 'playing';
    return { stream, kind, rung: low ? 'low' : 'high', ...size, is };
  }

  private closeDecoder(): void {
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    this.decoder = null;
    for (const { frame } of this.waiting.splice(0)) frame.close();
    this.backlog = [];
  }

  /** What comes next is another connection's or another publisher's. The canvases stay. */
  reset(): void {
    this.closeDecoder();
    this.gate.restart();
    this.shown = null;
    this.cameAt = -Infinity;
  }
}
