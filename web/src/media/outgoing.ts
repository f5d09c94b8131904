// What a publisher has to send and the network has not taken yet. Bounded: of the picture everything is
// dropped up to the next key frame when the network does not keep up, the large one first; of the voice
// only what is older than 2 s. Numbers are given on the way out, so what was dropped leaves no hole. Pure.
import { Flag, type MediaRecord, trackOf, Type } from './records';

const VOICE_MS = 2_000;
const LATE_MS = 600; // a picture that waits for so long is dropped
const TIGHT_MS = 200; // and then, what nothing that follows needs
const SHUT_MS = 2_000; // without picture; doubles when it failed again soon
const SHUT_MOST_MS = 64_000;
const STEADY_MS = 15_000;
const LOST_MS = 5_000; // for so long the voice that was dropped counts

/** What is sent of a track: a stream's rung. Everything but its number. */
export type Outgoing = Omit<MediaRecord, 'sequence'>;

interface Waiting {
  record: Outgoing;
  at: number;
}

class Track {
  readonly waiting: Waiting[] = [];
  config: Outgoing | null = null;
  sequence = 0;
  /** Until when nothing is taken; 0: open, or open at the next key frame. */
  shutUntil = 0;
  needsKey = true;
  private backoff = SHUT_MS;
  private openedAt = 0;

  constructor(readonly picture: boolean) {}

  /** Everything is dropped, and nothing taken for a while. */
  shut(now: number): void {
    this.backoff = now - this.openedAt < STEADY_MS ? Math.min(SHUT_MOST_MS, this.backoff * 2) : SHUT_MS;
    this.shutUntil = now + this.backoff;
    this.begin();
  }

  /** From the next key frame on, config first. */
  begin(): void {
    this.waiting.length = 0;
    this.needsKey = this.picture;
  }

  put(record: Outgoing, now: number): boolean {
    if (this.picture && !this.takes(record, now)) return false;
    this.waiting.push({ record, at: now });
    return true;
  }

  private takes(record: Outgoing, now: number): boolean {
    if (record.type === Type.gap) return !this.needsKey;
    if (now < this.shutUntil) return false;
    const oldest = this.waiting[0];
    if (oldest && now - oldest.at > TIGHT_MS && record.flags & Flag.discardable) return false;
    if (!this.needsKey) return true;
    if (!(record.flags & Flag.key)) return false;
    this.needsKey = false;
    this.shutUntil = 0;
    this.openedAt = now;
    if (this.config) this.waiting.push({ record: this.config, at: now });
    return true;
  }
}

/** The tracks, what goes first first: the small picture, the screen, the large picture. */
const ORDER = [1 * 2 + 1, 2 * 2, 1 * 2] as const;
const VOICE = 0;

export class OutgoingQueue {
  private readonly tracks = new Map<number, Track>();
  private voiceLostAt = -Infinity;

  constructor() {
    for (const track of [VOICE, ...ORDER]) this.tracks.set(track, new Track(track !== VOICE));
  }

  private track(of: number): Track {
    const found = this.tracks.get(of);
    if (!found) throw new Error(`no track ${of}`);
    return found;
  }

  /** False: it was not taken; a picture's next one must be a key frame then. */
  put(record: Outgoing, now: number): boolean {
    const track = this.track(trackOf({ ...record, sequence: 0 }));
    this.expire(now);
    if (record.type === Type.config && track.picture) {
      track.config = record;
      if (track.needsKey) return true; // it goes with the key frame
      track.waiting.push({ record, at: now });
      return true;
    }
    return track.put(record, now);
  }

  /** The next record to be sent; null: nothing waits. */
  next(now: number): MediaRecord | null {
    this.expire(now);
    for (const of of [VOICE, ...ORDER]) {
      const track = this.track(of);
      const first = track.waiting.shift();
      if (!first) continue;
      const counts = first.record.type <= Type.screen;
      const sequence = track.sequence;
      if (counts) track.sequence = (sequence + 1) & 0xffff;
      return { ...first.record, sequence };
    }
    return null;
  }

  private expireVoice(now: number): void {
    const { waiting } = this.track(VOICE);
    while (waiting[0] && now - waiting[0].at > VOICE_MS) {
      waiting.shift();
      this.voiceLostAt = now;
    }
  }

  private expire(now: number): void {
    this.expireVoice(now);
    // One a time, the last in order first: what it leaves may be enough for the others.
    for (const of of [...ORDER].reverse()) {
      const track = this.track(of);
      const oldest = track.waiting[0];
      if (!oldest || now - oldest.at <= LATE_MS) continue;
      track.shut(now);
      return;
    }
  }

  /** The network does not even carry the voice: some of it was dropped of late. */
  losesVoice(now: number): boolean {
    return now - this.voiceLostAt < LOST_MS;
  }

  get empty(): boolean {
    return [...this.tracks.values()].every(({ waiting }) => waiting.length === 0);
  }

  /** Nothing of it is taken now: there is no use in encoding it. */
  isShut(stream: number, low: boolean, now: number): boolean {
    return now < this.track(stream * 2 + (low ? 1 : 0)).shutUntil;
  }

  /** What is encoded next of it must be a key frame. */
  needsKey(stream: number, low: boolean): boolean {
    return this.track(stream * 2 + (low ? 1 : 0)).needsKey;
  }

  /** Another connection: pictures begin anew; of the voice, what is not too old goes on. What was lost without one says nothing of it. */
  restart(now: number): void {
    this.expireVoice(now);
    this.voiceLostAt = -Infinity;
    for (const track of this.tracks.values()) if (track.picture) track.begin();
  }
}
