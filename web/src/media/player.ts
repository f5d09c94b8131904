// What this page hears and sees of the stage: records are told apart by stream, voices go to the
// loudspeaker, pictures to their canvases, and the ladder says what to ask the server for.
import { fits, Ladder, rankOf } from './ladder';
import { Listeners } from './listeners';
import { PicturePlayer } from './picture-player';
import { Assembler, decodeRecords, type MediaRecord, Type } from './records';
import { CAMERA, publisherOf, SCREEN, voiceOf } from './streams';
import { waitFor } from './sync';
import { measure, Throughput } from './throughput';
import { wrap } from './time';
import type { MediaMoment, PlayerOptions, PlayerState, PlayerStats, Rung, Sound, StagePlayer } from './types';
import { Voices } from './voices';

const TICK_MS = 250;
const HEARING_MS = 10_000; // without any voice, nobody is heard
const SOON_MS = 15;
const PAINT_MS = 20; // pictures come each 66 ms
const MEASURE_MS = 2_500;
const AGAIN_MS = 1_000;
const PAUSE_MS = 15_000; // until the network is measured again; doubles, to 16 min
const PAUSE_MOST_MS = 960_000;
const FELL_MS = 8_000; // the same after a fall, which may have been a moment's; doubles when they go on
const STEADY_MS = 300_000;
const CALM_MS = 300;
const STREAMS_MOST = 32; // as many as the server has

/** Where the build put a file to measure with. */
declare const MEASURE_FILE: string;

class Player implements StagePlayer {
  private readonly assembler = new Assembler();
  private readonly voices = new Voices(() => this.update());
  private readonly pictures = new Map<number, PicturePlayer>();
  private readonly throughput = new Throughput();
  private readonly ladder = new Ladder(performance.now());
  private readonly states = new Listeners<PlayerState>();
  private readonly waits = new Set<ReturnType<typeof setTimeout>>();
  private readonly timer = setInterval(() => this.tick(), TICK_MS);
  private readonly measureUrl: string | null;
  private muted: ReadonlySet<number> = new Set();
  private ceiling: Rung;
  private painting: ReturnType<typeof setTimeout> | undefined;
  private late: number | null = null;
  private measureAt = Infinity;
  private measurePause = PAUSE_MS;
  private fell = { at: -Infinity, pause: FELL_MS };
  private measuring = false;
  private rung: Rung = 'voice';
  private now_: PlayerState;

  /** Asks the ladder. A field, since it listens too. */
  private readonly looked = (): void => {
    const { late, ceiling, throughput } = this;
    const now = performance.now();
    const before = this.ladder.now;
    this.rung = this.ladder.look({ now, lateMs: late, throughput: throughput.value, hidden: document.hidden, ceiling });
    if (rankOf(this.ladder.now) < rankOf(before)) this.fall(now);
    this.update();
  };

  constructor({ measureUrl, ceiling }: PlayerOptions) {
    this.ceiling = ceiling ?? 'high';
    this.measureUrl = measureUrl === undefined ? MEASURE_FILE : measureUrl;
    this.now_ = this.look(performance.now());
    void this.measure(MEASURE_MS);
    document.addEventListener('visibilitychange', this.looked);
    this.paint();
  }

  get state(): PlayerState {
    return this.now_;
  }

  listen(heard: (state: PlayerState) => void): () => void {
    return this.states.add(heard);
  }

  receive(bytes: Uint8Array): void {
    const now = performance.now();
    this.throughput.note(bytes.length, now);
    for (const piece of decodeRecords(bytes as Uint8Array<ArrayBuffer>)) {
      const record = this.assembler.take(piece);
      if (record) this.take(record, now);
    }
  }

  private take(record: MediaRecord, now: number): void {
    const own = record.stream % 4;
    if (own === CAMERA || own === SCREEN) return this.takePicture(record, now);
    if (record.type === Type.voice && !this.muted.has(publisherOf(record.stream))) this.voices.take(record, now);
    if (record.type === Type.gap) this.voices.gap(record.stream);
  }

  private takePicture(record: MediaRecord, now: number): void {
    const picture = this.picture(record.stream);
    if (!picture) return;
    if (record.type === Type.config) picture.config(record);
    else if (record.type === Type.gap) picture.gap(record);
    else if (record.type === Type.camera || record.type === Type.screen) picture.take(record, now);
  }

  private picture(stream: number): PicturePlayer | null {
    const known = this.pictures.get(stream);
    if (known || this.pictures.size >= STREAMS_MOST) return known ?? null;
    const picture = new PicturePlayer(stream);
    this.pictures.set(stream, picture);
    return picture;
  }

  reset(): void {
    this.assembler.reset();
    this.voices.reset();
    for (const picture of this.pictures.values()) picture.reset();
    this.update();
  }

  startSound(): Promise<Sound> {
    return this.voices.loudspeaker.start();
  }

  stopSound(): void {
    this.voices.loudspeaker.stop();
  }

  setVolume(volume: number): void {
    this.voices.loudspeaker.setVolume(volume);
  }

  mute(publishers: readonly number[]): void {
    this.muted = new Set(publishers.map(publisherOf));
    for (const publisher of this.muted) this.voices.forget(voiceOf(publisher));
  }

  show(stream: number, canvas: HTMLCanvasElement): () => void {
    if (!('VideoDecoder' in globalThis)) return () => undefined;
    return this.picture(stream)?.show(canvas) ?? (() => undefined);
  }

  heardUntil(stream: number): number | null {
    const position = this.voices.position(voiceOf(stream), performance.now());
    return position === null ? null : wrap(Math.round(position));
  }

  whenHeard({ stream, timestamp }: MediaMoment, run: () => void): () => void {
    const voice = voiceOf(stream);
    const first = waitFor(timestamp, this.heardUntil(voice), this.voices.delay(voice));
    const latest = performance.now() + first;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = (): void => {
      if (timer !== null) this.waits.delete(timer);
      const left = waitFor(timestamp, this.heardUntil(voice), this.voices.delay(voice));
      const wait = Math.min(left, latest - performance.now());
      if (wait <= SOON_MS) return run();
      timer = setTimeout(look, Math.min(wait, TICK_MS));
      this.waits.add(timer);
    };
    look();
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }

  setCeiling(rung: Rung): void {
    this.ceiling = rung;
    this.looked();
  }

  tryPicture(): void {
    this.ladder.tryPicture(performance.now());
    this.looked();
  }

  stats(): PlayerStats {
    const pictures = [...this.pictures.values()];
    const sum = (of: (picture: PicturePlayer) => number) => pictures.reduce((all, one) => all + of(one), 0);
    return {
      bytes: this.throughput.total,
      voices: this.voices.stats(),
      drawn: sum(({ drawn }) => drawn),
      waitedForKey: sum(({ waitedForKey }) => waitedForKey),
      decoderErrors: sum(({ errors }) => errors) + this.voices.errors,
      throughput: this.throughput.value,
      late: this.late ?? 0,
    };
  }

  close(): void {
    clearInterval(this.timer);
    clearTimeout(this.painting);
    document.removeEventListener('visibilitychange', this.looked);
    for (const timer of this.waits) clearTimeout(timer);
    for (const picture of this.pictures.values()) picture.reset();
    this.voices.close();
    this.states.clear();
  }

  /** By a timer: requests for animation frames would have the whole page looked at 60 times a second. */
  private paint(): void {
    this.painting = setTimeout(() => this.paint(), PAINT_MS);
    const now = performance.now();
    for (const picture of this.pictures.values())
      picture.draw(this.voices.position(voiceOf(picture.stream), now), now);
  }

  private tick(): void {
    const now = performance.now();
    this.voices.tick(now);
    this.late = this.latest(now);
    const calm = (this.late ?? 0) < CALM_MS;
    if (now >= this.measureAt && calm && this.ladder.now !== 'high') void this.measure(AGAIN_MS);
    this.looked();
  }

  private fall(now: number): void {
    this.throughput.tooMuch(now);
    const pause = now - this.fell.at > STEADY_MS ? FELL_MS : Math.min(PAUSE_MOST_MS, this.fell.pause * 2);
    this.fell = { at: now, pause };
    if (this.measureAt < Infinity) this.measureAt = now + pause;
  }

  /** What is late on this page's own way is late of all publishers: the one that is least late counts. */
  private latest(now: number): number | null {
    const late = new Map<number, number>(); // by publisher
    const note = (stream: number, ms: number | null): void => {
      const publisher = publisherOf(stream);
      if (ms !== null) late.set(publisher, Math.max(ms, late.get(publisher) ?? 0));
    };
    for (const stream of this.voices.streams) note(stream, this.voices.late(stream, now));
    for (const picture of this.pictures.values()) note(picture.stream, picture.late(now));
    return late.size > 0 ? Math.min(...late.values()) : null;
  }

  private async measure(ms: number): Promise<void> {
    if (this.measureUrl === null || this.measuring) return;
    this.measuring = true;
    const kbits = await measure(this.measureUrl, ms);
    this.measuring = false;
    if (kbits !== null) this.throughput.measured(kbits);
    // Where voice alone fits, measuring takes the place of the voice: once is enough.
    this.measureAt = kbits === null || fits('low', kbits) ? performance.now() + this.measurePause : Infinity;
    this.measurePause = Math.min(PAUSE_MOST_MS, this.measurePause * 2);
  }

  private look(now: number): PlayerState {
    const throughput = this.throughput.value;
    const { sound } = this.voices.loudspeaker;
    const hidden = document.hidden;
    return {
      sound,
      picture: 'VideoDecoder' in globalThis,
      voices: this.voices.views(now),
      pictures: [...this.pictures.values()].map((picture) => picture.view(now)),
      rung: this.rung,
      pictureHeld: !hidden && this.ceiling !== 'voice' && this.ladder.holds({ throughput }),
      hearing: sound === 'on' && this.voices.came(HEARING_MS, now),
    };
  }

  private update(): void {
    const next = this.look(performance.now());
    if (JSON.stringify(next) === JSON.stringify(this.now_)) return;
    this.now_ = next;
    this.states.tell(next);
  }
}

export function createPlayer(options: PlayerOptions = {}): StagePlayer {
  return new Player(options);
}
