// One rung of a picture into VP8: at its size and pace, with key frames when they are due. Two temporal
// layers where the browser has them: every other frame may then be left out on the way.
import { fit, type Fit, KeyPlan, Pace, type Size } from './pace';
import { scalesItself } from './picture-frames';
import { type Config, Flag } from './records';
import { toMicros } from './time';

export interface RungPlan {
  low: boolean;
  most: Size;
  shape: 'most' | 'source';
  perSecond: number;
  bitrate: number;
  /** For encoders that know what they are given. */
  hint: 'motion' | 'detail';
}

export interface Encoded {
  flags: number;
  generation: number;
  time: number;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface RungEvents {
  config(config: Config, generation: number, time: number): void;
  picture(encoded: Encoded): void;
  failed(): void;
}

const QUEUE_MOST = 2; // frames that wait for the encoder: more are left out

let layered: Promise<boolean> | null = null;

/** "L1T1" is refused by some browsers, so without layers the member is left out. */
async function hasLayers(): Promise<boolean> {
  const asked = { codec: 'vp8', width: 768, height: 432, bitrate: 450_000, framerate: 15, scalabilityMode: 'L1T2' };
  const answer = await VideoEncoder.isConfigSupported(asked).catch(() => null);
  return answer?.supported === true && answer.config?.scalabilityMode === 'L1T2';
}

export class RungEncoder {
  private encoder: VideoEncoder | null = null;
  private fitted: Fit | null = null;
  private generation = 0;
  private layers: boolean | null = null; // null: not known yet
  private readonly keys = new KeyPlan();
  private readonly pace: Pace;
  private times = new Map<number, number>(); // of what is being encoded
  private canvas: OffscreenCanvas | null = null;

  constructor(private readonly plan: RungPlan, private readonly events: RungEvents) {
    this.pace = new Pace(plan.perSecond);
    layered ??= hasLayers();
    void layered.then((has) => (this.layers = has));
  }

  askKey(): void {
    this.keys.ask();
  }

  /** source: stays the caller's; now: ms; time: media time; needsKey: nothing else would be taken. */
  offer(source: VideoFrame, now: number, time: number, needsKey: boolean): void {
    if (this.layers === null || !this.pace.take(now)) return;
    const encoder = this.ready(source, time);
    if (encoder.encodeQueueSize > QUEUE_MOST) return;
    const keyFrame = this.keys.take(now, needsKey);
    const frame = this.fitting(source, time);
    this.times.set(frame.timestamp, time);
    try {
      encoder.encode(frame, { keyFrame });
    } finally {
      frame.close();
    }
  }

  private ready(source: VideoFrame, time: number): VideoEncoder {
    const { most, shape } = this.plan;
    const size = { width: source.displayWidth, height: source.displayHeight };
    const fitted = fit(size, most, shape);
    const same = this.fitted && this.fitted.width === fitted.width && this.fitted.height === fitted.height;
    this.fitted = fitted;
    if (same && this.encoder?.state === 'configured') return this.encoder;
    return this.configure(fitted, time);
  }

  private configure({ width, height }: Fit, time: number): VideoEncoder {
    this.close();
    const encoder = new VideoEncoder({
      output: (chunk, meta) => this.encoded(chunk, meta),
      error: () => this.events.failed(),
    });
    const { bitrate, perSecond, hint } = this.plan;
    const config: VideoEncoderConfig = { codec: 'vp8', width, height, bitrate, framerate: perSecond, latencyMode: 'realtime' };
    if (this.layers) config.scalabilityMode = 'L1T2';
    encoder.configure(Object.assign(config, { contentHint: hint }));
    this.encoder = encoder;
    this.keys.ask();
    this.generation = (this.generation + 1) & 0xff;
    this.events.config({ codec: 'vp8', width, height }, this.generation, time);
    return encoder;
  }

  /** The part of the source that is used, with the media time as its own. */
  private fitting(source: VideoFrame, time: number): VideoFrame {
    const { crop, width, height } = this.fitted as Fit;
    const timestamp = toMicros(time);
    const duration = Math.round(1_000_000 / this.plan.perSecond);
    if (scalesItself()) {
      const visibleRect = cropOf(source, crop);
      return new VideoFrame(source, { timestamp, duration, visibleRect, displayWidth: width, displayHeight: height });
    }
    this.canvas ??= new OffscreenCanvas(width, height);
    Object.assign(this.canvas, { width, height });
    const to = this.canvas.getContext('2d', { alpha: false });
    to?.drawImage(source, crop.x, crop.y, crop.width, crop.height, 0, 0, width, height);
    return new VideoFrame(this.canvas, { timestamp, duration });
  }

  private encoded(chunk: EncodedVideoChunk, meta?: EncodedVideoChunkMetadata): void {
    const time = this.times.get(chunk.timestamp);
    this.times.delete(chunk.timestamp);
    if (time === undefined) return;
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    const layer = (meta as { svc?: { temporalLayerId?: number } } | undefined)?.svc?.temporalLayerId ?? 0;
    const flags = chunk.type === 'key' ? Flag.key : layer > 0 ? Flag.discardable : 0;
    this.events.picture({ flags: flags | (this.plan.low ? Flag.low : 0), generation: this.generation, time, bytes });
  }

  close(): void {
    if (this.encoder && this.encoder.state !== 'closed') this.encoder.close();
    this.encoder = null;
    this.times = new Map();
  }
}

/** In the frame's own pixels: what is visible of it may begin elsewhere, and be shown larger. */
function cropOf(source: VideoFrame, { x, y, width, height }: Fit['crop']): DOMRectInit {
  const visible = source.visibleRect;
  if (!visible) return { x, y, width, height };
  const scale = visible.width / source.displayWidth;
  const even = (n: number) => 2 * Math.floor(n / 2);
  return {
    x: even(visible.x + x * scale),
    y: even(visible.y + y * scale),
    width: Math.min(even(width * scale), even(visible.width)),
    height: Math.min(even(height * scale), even(visible.height)),
  };
}
