// A camera or a screen that is published: its frames to the encoders of its rungs, for as long as it is on.
import { FrameClock } from './frame-clock';
import type { Outgoing } from './outgoing';
import { type Encoded, RungEncoder, type RungPlan } from './picture-encoder';
import { readFrames } from './picture-frames';
import { encodeConfig, Flag, Type } from './records';
import { CAMERA, SCREEN } from './streams';
import { wrap } from './time';

const CAMERA_RUNGS: readonly RungPlan[] = [
  { low: false, most: { width: 768, height: 432 }, shape: 'most', perSecond: 15, bitrate: 450_000, hint: 'motion' },
  { low: true, most: { width: 256, height: 144 }, shape: 'most', perSecond: 7.5, bitrate: 70_000, hint: 'motion' },
];
const SCREEN_RUNGS: readonly RungPlan[] = [
  { low: false, most: { width: 1280, height: 720 }, shape: 'source', perSecond: 5, bitrate: 400_000, hint: 'detail' },
];

const STILL_MS = 1_000; // a screen that does not change gives no frames: the last one is sent again
const TICK_MS = 250;
const STALLED_MS = 3_000;
const FAILURES_MOST = 3;

export interface PictureNeeds {
  /** The media time of a moment (of performance.now()). */
  time(ms: number): number;
  /** Nothing of it is wanted or would be taken now. */
  idle(low: boolean): boolean;
  needsKey(low: boolean): boolean;
  send(record: Outgoing): void;
  /** No frame came for a while, or they come again. */
  stalled(is: boolean): void;
  failed(): void;
}

export class Picture {
  readonly stream: number;
  private readonly rungs: { plan: RungPlan; encoder: RungEncoder }[];
  private readonly stopFrames: () => void;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly clock = new FrameClock();
  private latest: VideoFrame | null = null;
  private latestAt = performance.now();
  private offeredAt = 0;
  private isStalled = false;
  private failures = 0;

  constructor(
    track: MediaStreamTrack,
    private readonly kind: 'camera' | 'screen',
    private readonly needs: PictureNeeds,
  ) {
    this.stream = kind === 'camera' ? CAMERA : SCREEN;
    const plans = kind === 'camera' ? CAMERA_RUNGS : SCREEN_RUNGS;
    this.rungs = plans.map((plan) => ({ plan, encoder: this.encoderOf(plan) }));
    this.stopFrames = readFrames(track, (frame) => this.take(frame));
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  private encoderOf(plan: RungPlan): RungEncoder {
    const { low } = plan;
    return new RungEncoder(plan, {
      config: (config, generation, time) =>
        this.needs.send(this.record(Type.config, low ? Flag.low : 0, generation, time, encodeConfig(config))),
      picture: (encoded) => this.send(encoded),
      failed: () => this.fail(),
    });
  }

  private send({ flags, generation, time, bytes }: Encoded): void {
    const type = this.kind === 'camera' ? Type.camera : Type.screen;
    this.needs.send(this.record(type, flags, generation, time, bytes));
  }

  private record(type: number, flags: number, generation: number, time: number, bytes: Uint8Array<ArrayBuffer>): Outgoing {
    return { type, flags, stream: this.stream, level: 0, generation, timestamp: wrap(time), bytes };
  }

  private fail(): void {
    if (++this.failures > FAILURES_MOST) this.needs.failed();
  }

  /** Another connection: configs and key frames anew. */
  restart(): void {
    for (const { encoder } of this.rungs) encoder.close();
  }

  askKey(): void {
    for (const { encoder } of this.rungs) encoder.askKey();
  }

  private take(frame: VideoFrame): void {
    const now = (this.latestAt = performance.now());
    // A screen's frames may be as old as its last change; a <video> tells no times.
    const tells = this.kind === 'camera' && frame.timestamp > 0;
    const takenAt = tells ? this.clock.at(frame.timestamp / 1000, now) : now;
    if (this.kind === 'screen') {
      this.latest?.close();
      this.latest = frame; // before it is offered: should that fail for good, close() finds it
    }
    this.offer(frame, now, takenAt);
    if (this.kind === 'camera') frame.close();
  }

  private offer(frame: VideoFrame, now: number, takenAt: number): void {
    this.offeredAt = now;
    const time = this.needs.time(takenAt);
    for (const { plan, encoder } of this.rungs) {
      if (this.needs.idle(plan.low)) continue;
      try {
        encoder.offer(frame, now, time, this.needs.needsKey(plan.low));
      } catch {
        this.fail(); // no such size or codec; the next frame may do
      }
    }
  }

  private tick(): void {
    const now = performance.now();
    if (this.latest && now - this.offeredAt >= STILL_MS) this.offer(this.latest, now, now);
    const stalled = this.kind === 'camera' && now - this.latestAt > STALLED_MS;
    if (stalled !== this.isStalled) this.needs.stalled((this.isStalled = stalled));
  }

  close(): void {
    clearInterval(this.timer);
    this.stopFrames();
    this.latest?.close();
    this.latest = null;
    for (const { plan, encoder } of this.rungs) {
      encoder.close();
      const flags = plan.low ? Flag.low : 0;
      this.needs.send(this.record(Type.gap, flags, 0, this.needs.time(performance.now()), new Uint8Array(0)));
    }
  }
}
