// What this page hears and sees of the stage: a player fed by the room's connection, the person's wishes
// (sound, volume, picture), and what the server is told of both. Loaded when there is something to hear.
import { computed, effect, type Signal, signal } from '@preact/signals';
import type { PlayerState, StagePlayer } from '../../media';
import { cameraOf, publisherOf, screenOf } from '../../media/streams';
import { voice } from '../../state/voice';
import { toast } from '../../ui/Toast';
import type { Room } from '../feature';
import type { StageStore } from './store';
import { stageTexts } from './texts';

const VOLUME = 'amphi.volume';

function storedVolume(): number {
  try {
    const value = Number(localStorage.getItem(VOLUME) ?? 1);
    return value > 0 && value <= 1 ? value : 1;
  } catch {
    return 1;
  }
}

function keepVolume(volume: number): void {
  try {
    localStorage.setItem(VOLUME, String(volume));
  } catch {
    // The browser refuses storage: it holds until the page is closed.
  }
}

const blank = (): HTMLCanvasElement => Object.assign(document.createElement('canvas'), { width: 1, height: 1 });

/** The player makes a canvas as large as the picture. */
export const isDrawn = (canvas: HTMLCanvasElement): boolean => canvas.width > 1;

/** A picture that is decoded all the time: wherever it is shown next, it is there at once. */
interface Kept {
  canvas: HTMLCanvasElement;
  stop: () => void;
}

export class Listening {
  readonly state: Signal<PlayerState>;
  readonly volume = signal(storedVolume());
  /** The person turned the sound off: it does not begin by itself. */
  readonly silenced = signal(false);
  readonly picture = signal(true);
  /** What waits for a press. */
  readonly asks = computed(() => this.state.value.sound === 'waiting' && !this.silenced.value);
  readonly starting = signal(false);
  private readonly stops: (() => void)[] = [];
  private readonly kept = new Map<number, Kept>();

  constructor(
    readonly player: StagePlayer,
    private readonly store: StageStore,
    private readonly room: Pick<Room, 'live' | 'over'>,
  ) {
    this.state = signal(player.state);
    player.setVolume(this.volume.value);
    voice.whenHeard = (moment, run) => player.whenHeard(moment, run);
    const follow = player.listen((state) => this.changed(state));
    this.stops.push(follow, effect(() => this.begin(this.store.joins.value)), effect(() => this.choose()), effect(() => this.keep()), effect(() => this.end()));
    store.play((bytes) => player.receive(bytes));
    // The page was entered by a press just now: the browser lets it sound.
    if (navigator.userActivation?.hasBeenActive) void this.start();
  }

  private changed(state: PlayerState): void {
    const before = this.state.peek();
    this.state.value = state;
    if (state.rung !== before.rung) this.store.watch(state.rung);
    if (state.hearing !== before.hearing) this.store.hear(state.hearing);
  }

  /** With each connection everything begins anew, on the server as well. */
  private begin(joins: number): void {
    if (joins > 1) this.player.reset();
    const { rung, hearing } = this.player.state;
    this.store.watch(rung);
    if (hearing) this.store.hear(true);
  }

  private end(): void {
    if (this.room.over) this.player.stopSound();
  }

  /** Nobody hears themselves; while the session is live, the room behind the stage is for those who are there. */
  private choose(): void {
    const { me, mine, people, streams } = this.store;
    const here = mine.value?.place;
    const apart = this.room.live && here !== 'backstage';
    const silent = [...streams.value.values()].flatMap(({ person, stream }) => {
      if (stream === null) return [];
      const place = people.value.find(({ id }) => id === person)?.place;
      return person === me || (apart && place === 'backstage') ? [publisherOf(stream)] : [];
    });
    this.player.mute(silent);
  }

  /** The pictures of everybody else on the stage and behind it. */
  private keep(): void {
    const { me, people } = this.store;
    const wanted = people.value.flatMap(({ id, place, screen }) => {
      const stream = this.store.streamOf(id);
      if (stream === null || id === me || place === 'invited') return [];
      return screen ? [cameraOf(stream), screenOf(stream)] : [cameraOf(stream)];
    });
    for (const [stream, { stop }] of this.kept) {
      if (wanted.includes(stream)) continue;
      stop();
      this.kept.delete(stream);
    }
    for (const stream of wanted) {
      if (this.kept.has(stream)) continue;
      const canvas = blank();
      this.kept.set(stream, { canvas, stop: this.player.show(stream, canvas) });
    }
  }

  /** Draws a picture into a canvas, beginning with what of it is there. Returns what ends it. */
  show(stream: number, canvas: HTMLCanvasElement): () => void {
    const kept = this.kept.get(stream)?.canvas;
    if (kept && isDrawn(kept)) {
      canvas.width = kept.width;
      canvas.height = kept.height;
      canvas.getContext('2d', { alpha: false })?.drawImage(kept, 0, 0);
    }
    return this.player.show(stream, canvas);
  }

  /** Out of a press. */
  async start(): Promise<void> {
    this.silenced.value = false;
    this.starting.value = true;
    await this.player.startSound();
    this.starting.value = false;
  }

  /** What the person pressed for does not happen without a word. */
  async press(): Promise<void> {
    await this.start();
    if (this.asks.peek() && !this.room.over) toast.bad(stageTexts().noLoudspeaker);
  }

  silence(): void {
    this.silenced.value = true;
    this.player.stopSound();
  }

  setVolume(volume: number): void {
    this.volume.value = volume;
    this.player.setVolume(volume);
    keepVolume(volume);
  }

  showPicture(on: boolean): void {
    this.picture.value = on;
    this.player.setCeiling(on ? 'high' : 'voice');
  }

  close(): void {
    for (const stop of this.stops) stop();
    for (const { stop } of this.kept.values()) stop();
    voice.silent();
    this.player.close();
  }
}
