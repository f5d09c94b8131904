// Who is on the stage of a session and behind it, who speaks, and whose hands are up; the frames of voice and
// picture until a player takes them.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type Media, MEDIA_LIVE } from '../../net/protocol';
import { personId } from '../../state/me';
import { type Moment, voice } from '../../state/voice';
import { type Call, type EventOf, type LiveStore, liveStore, type StateOf } from '../../state/store';
import { type Hand, type Layout, type Messages, messages, type StagePerson } from './messages';

const KEPT_BYTES = 2 * 1024 * 1024; // of frames, until the player is loaded

type Streams = Extract<StateOf<Messages>, { state: 'stage.streams' }>['data'];
type Speaking = Extract<StateOf<Messages>, { state: 'stage.speaking' }>['data'];
type Rung = 'voice' | 'low' | 'high';

/** What happened to somebody last; each has a number of its own. */
export interface Happened {
  number: number;
  what: 'entered' | 'offstage' | 'invited' | 'withdrawn' | 'removed' | 'lost' | 'muted' | 'darkened' | 'hand';
  person: string;
  name: string;
}

const without = <T>(list: readonly T[], is: (item: T) => boolean): readonly T[] => list.filter((item) => !is(item));

export class StageStore implements LiveStore<Messages> {
  readonly layout = signal<Layout>('slide');
  readonly spotlight = signal<string | null>(null);
  readonly people = signal<readonly StagePerson[]>([]);
  readonly hands = signal<readonly Hand[]>([]);
  /** This HCP's own: since when their hand is up, and what they are invited to. */
  readonly hand = signal<string | null>(null);
  readonly invited = signal<{ picture: boolean } | null>(null);
  readonly streams = signal<ReadonlyMap<string, Streams>>(new Map());
  readonly speaking = signal<Speaking | null>(null);
  readonly happened = signal<Happened | null>(null);
  /** Nothing but text comes: no voice either. */
  readonly carried = signal(false);
  /** Counts the joins: what is played begins anew with each. */
  readonly joins = signal(0);
  /** A slide is on. There is none before the first one; it never goes away. */
  readonly slide = signal(false);

  readonly onStage = computed(() => this.people.value.filter(({ place }) => place === 'stage'));
  readonly backstage = computed(() => this.people.value.filter(({ place }) => place === 'backstage'));
  readonly waiting = computed(() => this.people.value.filter(({ place }) => place === 'invited'));
  readonly mine = computed(() => this.people.value.find(({ id }) => id === this.me) ?? null);
  readonly sharing = computed(() => this.onStage.value.find(({ screen }) => screen) ?? null);
  private readonly came = signal(false);
  /** There is or will be something to hear. */
  readonly busy = computed(
    () => this.came.value || this.people.value.some(({ place }) => place !== 'invited') || this.streams.value.size > 0,
  );

  /** What ends with the room. */
  readonly stops: (() => void)[] = [];
  stopped = false;
  private readonly kept: Uint8Array[] = [];
  private keptBytes = 0;
  private take: ((bytes: Uint8Array) => void) | null = null;
  private number = 0;
  private rung: Rung = 'voice';

  constructor(
    readonly call: Call<Messages>,
    readonly staff: boolean,
  ) {}

  /** Whose page this is. */
  get me(): string | null {
    return personId(this.staff ? 'staff' : 'hcp');
  }

  snapshot({ stage, hands, slides }: Decoded<Messages['common']>, own: Decoded<Messages['own']>): void {
    this.slide.value = Boolean(slides?.position);
    this.layout.value = stage.layout;
    this.spotlight.value = stage.spotlight;
    this.people.value = stage.people;
    this.hands.value = hands;
    this.hand.value = own.stage.hand;
    this.invited.value = own.stage.invited;
    this.streams.value = new Map();
    this.speaking.value = null;
  }

  joined(carried: boolean): void {
    this.carried.value = carried;
    this.forgetFrames();
    this.joins.value += 1;
    if (this.busy.value) this.watch(this.rung);
  }

  // --- frames

  media({ kind, bytes }: Media): void {
    if (kind !== MEDIA_LIVE) return;
    if (this.take) return this.take(bytes);
    if (!this.came.value) this.watch(this.rung);
    this.came.value = true;
    if (this.keptBytes + bytes.length > KEPT_BYTES) return;
    this.kept.push(bytes);
    this.keptBytes += bytes.length;
  }

  /** From here on frames go there, beginning with those that came before. */
  play(take: (bytes: Uint8Array) => void): void {
    this.take = take;
    for (const bytes of this.kept.splice(0)) take(bytes);
    this.forgetFrames();
  }

  private forgetFrames(): void {
    this.kept.length = this.keptBytes = 0;
  }

  /** The most that this page wants to be sent. */
  watch(rung: Rung): void {
    this.rung = rung;
    this.call('media.watch', { rung }).catch(() => undefined);
  }

  hear(playing: boolean): void {
    if (!this.staff) this.call('media.hearing', { playing }).catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    this.forgetFrames();
  }

  // --- what is told

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'slide.moved':
        return this.slideOn(data.media);
      case 'stage.entered':
      case 'stage.moved':
      case 'stage.changed':
      case 'stage.invited':
        return this.put(data.person);
      case 'stage.left':
        return this.left(data.person, data.why);
      case 'stage.declined':
      case 'stage.erased':
        return this.gone(data.person);
      case 'stage.spotlight':
        this.spotlight.value = data.person;
        return;
      case 'stage.layout':
        this.layout.value = data.layout;
        return;
      default:
        return this.changed({ event, data } as EventOf<Messages>);
    }
  }

  /** When the word is heard that it belongs to, as the slides have it. */
  private slideOn(media: Moment | null): void {
    const on = () => {
      this.slide.value = true;
    };
    if (media && !this.slide.value) this.stops.push(voice.whenHeard(media, on));
    else on();
  }

  /** Of hands and names. */
  private changed({ event, data }: EventOf<Messages>): void {
    if (event === 'hand.raised') return this.raised(data.hand);
    if (event === 'hand.lowered') return this.lowered(data.person);
    if (event !== 'stage.renamed') return;
    const rename = <T extends { name: string }>(item: T, id: string): T =>
      id === data.person ? { ...item, name: data.name } : item;
    this.people.value = this.people.value.map((one) => rename(one, one.id));
    this.hands.value = this.hands.value.map((one) => rename(one, one.person));
  }

  private put(person: StagePerson): void {
    const before = this.people.value.find(({ id }) => id === person.id);
    this.people.value = before
      ? this.people.value.map((one) => (one.id === person.id ? person : one))
      : [...this.people.value, person];
    if (person.id === this.me) {
      this.invited.value = person.place === 'invited' ? { picture: person.picture } : null;
      this.hand.value = null;
    }
    this.noteChange(person, before);
  }

  private noteChange(person: StagePerson, before: StagePerson | undefined): void {
    const came = (place: StagePerson['place']) => person.place === place && before?.place !== place;
    if (came('stage')) this.note('entered', person);
    else if (came('invited')) this.note('invited', person);
    else if (before?.place === 'stage' && person.place === 'backstage') this.note('offstage', person);
    else if (before && person.muted && !before.muted) this.note('muted', person);
    else if (before && person.camera_off && !before.camera_off) this.note('darkened', person);
  }

  private note(what: Happened['what'], { id, name }: { id: string; name: string }): void {
    this.happened.value = { number: ++this.number, what, person: id, name };
  }

  private left(id: string, why: 'exit' | 'removed' | 'lost'): void {
    const person = this.people.value.find((one) => one.id === id);
    const mine = id === this.me;
    if (mine && this.invited.value) this.note('withdrawn', { id, name: '' });
    else if (person && why !== 'exit') this.note(why, person);
    else if (person?.place === 'stage') this.note('offstage', person);
    this.gone(id);
  }

  private gone(id: string): void {
    this.people.value = without(this.people.value, (one) => one.id === id);
    this.hands.value = without(this.hands.value, (one) => one.person === id);
    if (this.spotlight.value === id) this.spotlight.value = null;
    if (id === this.me) this.invited.value = this.hand.value = null;
  }

  private raised(hand: Hand): void {
    if (!this.staff) {
      this.hand.value = hand.at;
      return;
    }
    this.hands.value = [...without(this.hands.value, ({ person }) => person === hand.person), hand];
    this.note('hand', { id: hand.person, name: hand.name });
  }

  private lowered(id: string): void {
    if (this.staff) this.hands.value = without(this.hands.value, ({ person }) => person === id);
    else this.hand.value = null;
  }

  state({ state, key, data }: StateOf<Messages>): void {
    if (state === 'stage.speaking') this.speaking.value = data;
    else this.streams.value = new Map(this.streams.value).set(key, data);
  }

  /** The first of the four streams of somebody who gives now. */
  streamOf(person: string): number | null {
    return this.streams.value.get(person)?.stream ?? null;
  }

  // --- what this person does

  async raise(): Promise<void> {
    this.hand.value = (await this.call('hand.raise', {})).at;
  }

  async lower(): Promise<void> {
    await this.call('hand.lower', {});
    this.hand.value = null;
  }
}

export const stageStore = liveStore(messages, (call, staff) => new StageStore(call, staff));
