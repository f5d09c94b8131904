// What this page gives to the stage: a microphone, a camera and a screen, each turned on and off by
// itself, encoded while the connection is there, and sent.
import { acquire } from './acquire';
import { MediaClock } from './clock';
import { dbovOf, levelOf } from './level';
import { Listeners } from './listeners';
import { Microphone } from './microphone';
import type { Outgoing } from './outgoing';
import { Picture } from './picture';
import { Publisher } from './publisher';
import { encodeClock, encodeConfig, Type } from './records';
import { OFF, Slot } from './slot';
import { CAMERA, SCREEN, VOICE } from './streams';
import { RATE, wrap } from './time';
import type { CaptureOptions, CaptureState, Level, MediaMoment, Publishing, PublishTarget, Source, SourceName, StageCapture } from './types';
import { VoiceEncoder } from './voice-encoder';
import { browserWorld } from './world';

const LOOK_MS = 1_000;
const LEVEL_FRAMES = 3; // 60 ms
const NOTHING = { high: false, low: false, screen: false, voice: false };
const EMPTY = new Uint8Array(0);
const GENERATION = 1; // of the voice: its config never changes

class Capture implements StageCapture {
  private now_: CaptureState = {
    microphone: OFF,
    camera: OFF,
    screen: OFF,
    publishing: { is: 'idle' },
    leftOut: NOTHING,
    stalled: false,
  };
  private readonly states = new Listeners<CaptureState>();
  private readonly levels = new Listeners<Level>();
  private readonly clock = new MediaClock(performance.now());
  private readonly microphone = new Microphone((samples, ms) => this.heard(samples, ms));
  private readonly voice = new VoiceEncoder(
    (packet, time, level) => this.send(this.voiceRecord(Type.voice, time, packet, level)),
    () => undefined, // the next frame begins with another encoder
  );
  private readonly slots: Record<SourceName, Slot>;
  private readonly pictures: { camera: Picture | null; screen: Picture | null } = { camera: null, screen: null };
  private publisher: Publisher | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  private loudest = 127;
  private frames = 0;

  constructor(private readonly options: CaptureOptions) {
    const pictureSlot = (kind: 'camera' | 'screen') =>
      new Slot({
        acquire: (device) => acquire[kind](device),
        use: async (stream) => this.usePicture(kind, stream),
        release: () => this.releasePicture(kind),
        changed: (source) => this.change({ [kind]: source }),
        screen: kind === 'screen',
      });
    this.slots = { microphone: this.microphoneSlot(), camera: pictureSlot('camera'), screen: pictureSlot('screen') };
  }

  private microphoneSlot(): Slot {
    return new Slot({
      acquire: (device) => acquire.microphone(device),
      use: (stream) => this.microphone.connect(stream),
      release: () => this.releaseMicrophone(),
      changed: (microphone) => this.change({ microphone }),
      screen: false,
    });
  }

  get state(): CaptureState {
    return this.now_;
  }

  listen(heard: (state: CaptureState) => void): () => void {
    return this.states.add(heard);
  }

  onLevel(heard: (level: Level) => void): () => void {
    return this.levels.add(heard);
  }

  turnOn(source: SourceName, device?: string): Promise<Source> {
    return this.slots[source].turnOn(device);
  }

  turnOff(source: SourceName): void {
    this.slots[source].turnOff();
  }

  publish(target: PublishTarget): void {
    this.stopPublishing();
    const events = {
      changed: (publishing: Publishing) => this.connectionChanged(publishing),
      keyframe: (stream: number) => this.askKey(stream),
    };
    this.publisher = new Publisher(target, events, browserWorld);
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  stopPublishing(): void {
    this.publisher?.stop();
    this.publisher = null;
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.change({ publishing: { is: 'idle' }, leftOut: NOTHING });
  }

  now(): MediaMoment | null {
    const { publishing } = this.now_;
    if (publishing.is !== 'online') return null;
    return { stream: publishing.stream + VOICE, timestamp: wrap(this.time()) };
  }

  close(): void {
    for (const slot of Object.values(this.slots)) slot.turnOff();
    this.stopPublishing();
    this.microphone.close();
    this.states.clear();
    this.levels.clear();
  }

  private change(part: Partial<CaptureState>): void {
    this.now_ = { ...this.now_, ...part };
    this.states.tell(this.now_);
  }

  private time(): number {
    return this.clock.at(performance.now());
  }

  private get isOnline(): boolean {
    return this.now_.publishing.is === 'online';
  }

  private send(record: Outgoing): void {
    this.publisher?.send(record);
  }

  private connectionChanged(publishing: Publishing): void {
    this.change({ publishing });
    if (publishing.is !== 'online') return;
    this.sendVoiceConfig();
    this.sendClock();
    for (const picture of Object.values(this.pictures)) picture?.restart();
  }

  private askKey(stream: number): void {
    for (const picture of Object.values(this.pictures)) if (picture?.stream === stream) picture.askKey();
  }

  /** Once a second while publishing. */
  private look(): void {
    const queue = this.publisher?.queue;
    if (!queue || !this.isOnline) return;
    this.sendClock();
    const now = Date.now();
    const leftOut = {
      high: queue.isShut(CAMERA, false, now),
      low: queue.isShut(CAMERA, true, now),
      screen: queue.isShut(SCREEN, false, now),
      voice: queue.losesVoice(now),
    };
    if (JSON.stringify(leftOut) !== JSON.stringify(this.now_.leftOut)) this.change({ leftOut });
  }

  // --- voice

  private voiceRecord(type: number, time: number, bytes: Uint8Array<ArrayBuffer>, level = 0): Outgoing {
    return { type, flags: 0, stream: VOICE, level, generation: GENERATION, timestamp: wrap(time), bytes };
  }

  private sendVoiceConfig(): void {
    const config = encodeConfig({ codec: 'opus', sampleRate: RATE, channels: 1 });
    this.send(this.voiceRecord(Type.config, this.time(), config));
  }

  private sendClock(): void {
    this.send(this.voiceRecord(Type.clock, this.time(), encodeClock(this.options.serverNow())));
  }

  private heard(samples: Float32Array<ArrayBuffer>, ms: number): void {
    const level = dbovOf(samples);
    const time = this.clock.voice(ms);
    this.loudest = Math.min(this.loudest, level);
    if (++this.frames % LEVEL_FRAMES === 0) {
      this.levels.tell(levelOf(this.loudest));
      this.loudest = 127;
    }
    if (this.isOnline) this.voice.encode(samples, time, level);
  }

  private releaseMicrophone(): void {
    this.microphone.disconnect();
    this.voice.close();
    this.clock.pause();
    this.levels.tell(levelOf(127));
    this.send(this.voiceRecord(Type.gap, this.time(), EMPTY));
  }

  // --- pictures

  private usePicture(kind: 'camera' | 'screen', stream: MediaStream): void {
    const track = stream.getVideoTracks()[0];
    if (!track) throw new DOMException('no picture', 'NotFoundError');
    if ('contentHint' in track) track.contentHint = kind === 'screen' ? 'detail' : 'motion';
    this.pictures[kind] = new Picture(track, kind, {
      time: (ms) => this.clock.at(ms),
      idle: (low) => !this.isOnline || this.isShut(kind, low),
      needsKey: (low) => this.publisher?.queue.needsKey(kind === 'camera' ? CAMERA : SCREEN, low) ?? false,
      send: (record) => this.send(record),
      stalled: (stalled) => this.change({ stalled }),
      failed: () => this.slots[kind].fail('failed'),
    });
  }

  private isShut(kind: 'camera' | 'screen', low: boolean): boolean {
    return this.publisher?.queue.isShut(kind === 'camera' ? CAMERA : SCREEN, low, Date.now()) ?? true;
  }

  private releasePicture(kind: 'camera' | 'screen'): void {
    this.pictures[kind]?.close();
    this.pictures[kind] = null;
    if (kind === 'camera' && this.now_.stalled) this.change({ stalled: false });
  }
}

export function createCapture(options: CaptureOptions): StageCapture {
  return new Capture(options);
}
