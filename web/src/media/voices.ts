// The voices that come: decoded, handed to the loudspeaker, and how far each is heard.
import { Arrivals } from './arrivals';
import { Loudspeaker } from './loudspeaker';
import type { JitterView } from './jitter';
import type { MediaRecord } from './records';
import { PER_MS } from './time';
import type { VoiceStats, VoiceView } from './types';
import { VoiceDecoder } from './voice-decoder';
import type { PlayReport } from './worklet/messages';

const STALE_MS = 2_000; // a report older than this says nothing of now
const SPOKE_MS = 400;
const FORGET_MS = 30_000;
const SILENT = 127;

interface Voice {
  arrivals: Arrivals;
  decoder: VoiceDecoder;
  view: JitterView | null;
  /** When what view.position says is heard. */
  heardAt: number;
  level: number;
  cameAt: number;
}

export class Voices {
  readonly loudspeaker: Loudspeaker;
  private readonly all = new Map<number, Voice>();
  errors = 0;

  constructor(changed: () => void) {
    this.loudspeaker = new Loudspeaker((report) => this.reported(report), changed);
  }

  take(record: MediaRecord, now: number): void {
    const voice = this.all.get(record.stream) ?? this.add(record.stream);
    const time = voice.arrivals.note(record.timestamp, now);
    voice.level = record.level;
    voice.cameAt = now;
    if (this.loudspeaker.sound === 'on') voice.decoder.decode(record, time);
  }

  private add(stream: number): Voice {
    const decoder = new VoiceDecoder(
      (time, samples) => this.loudspeaker.order({ do: 'put', stream, time, samples }),
      () => this.errors++,
    );
    const voice = { arrivals: new Arrivals(), decoder, view: null, heardAt: 0, level: SILENT, cameAt: 0 };
    this.all.set(stream, voice);
    return voice;
  }

  /** It says nothing more for now. */
  gap(stream: number): void {
    this.loudspeaker.order({ do: 'finish', stream });
  }

  private reported({ time, voices }: PlayReport): void {
    const heardAt = this.loudspeaker.heardAt(time);
    for (const { stream, view } of voices) {
      const voice = this.all.get(stream);
      if (voice) Object.assign(voice, { view, heardAt });
    }
  }

  /** To be called several times a second. */
  tick(now: number): void {
    for (const [stream, voice] of this.all) {
      const target = Math.round(voice.arrivals.target() * PER_MS);
      this.loudspeaker.order({ do: 'aim', stream, target });
      if (now - voice.cameAt > FORGET_MS) this.forget(stream);
    }
  }

  forget(stream: number): void {
    this.all.get(stream)?.decoder.close();
    this.all.delete(stream);
    this.loudspeaker.order({ do: 'forget', stream });
  }

  reset(): void {
    for (const stream of [...this.all.keys()]) this.forget(stream);
  }

  /** The media time of a voice that is heard at this moment, unwrapped; null: nothing of it is. */
  position(stream: number, now: number): number | null {
    const { view, heardAt } = this.all.get(stream) ?? { view: null, heardAt: 0 };
    if (this.loudspeaker.sound !== 'on' || !view?.playing || view.position === null) return null;
    if (Math.abs(now - heardAt) > STALE_MS) return null;
    return view.position + (now - heardAt) * PER_MS;
  }

  /** Milliseconds of a voice in store. */
  delay(stream: number): number {
    return (this.all.get(stream)?.view?.level ?? 0) / PER_MS;
  }

  late(stream: number, now: number): number | null {
    return this.all.get(stream)?.arrivals.late(now) ?? null;
  }

  get streams(): number[] {
    return [...this.all.keys()];
  }

  /** Something was said within so many milliseconds. */
  came(within: number, now: number): boolean {
    return [...this.all.values()].some(({ cameAt }) => now - cameAt <= within);
  }

  views(now: number): VoiceView[] {
    return [...this.all].map(([stream, { level, cameAt }]) => ({
      stream,
      dbov: now - cameAt < SPOKE_MS ? level : SILENT,
      playing: this.position(stream, now) !== null,
    }));
  }

  stats(): VoiceStats[] {
    return [...this.all].flatMap(([stream, { view }]) => {
      if (!view) return [];
      const { underruns, played, silent, skips, level, target } = view;
      return [{ stream, underruns, played, silent, skips, level: level / PER_MS, target: target / PER_MS }];
    });
  }

  close(): void {
    this.reset();
    this.loudspeaker.close();
  }
}
