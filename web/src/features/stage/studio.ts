// What this page gives to the stage: microphone, camera and screen, as the person, the host and the devices
// have it. A device that is muted is let go: its light goes out.
import { effect, type Signal, signal } from '@preact/signals';
import type { CaptureState, EchoWatch, PublishEnding, SourceName, StageCapture, Support } from '../../media';
import { voice } from '../../state/voice';
import type { StagePerson } from './messages';
import type { StageStore } from './store';

const ECHO_MS = 250;
const SILENT = 127; // dBov
const SOURCES = ['microphone', 'camera', 'screen'] as const;

export const publishUrl = (): string => {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/publish`;
};

interface Around {
  /** Starts the sound: who speaks hears the others at once. */
  hear(): void;
  /** The session has ended. */
  isOver(): boolean;
  /** How loud the loudest of the others is that is heard now, in dBov. */
  others(): number;
  echo: EchoWatch;
}

/** What others did to this person, until it is said. */
export type Notice = 'muted' | 'darkened' | 'removed' | 'lost' | 'offstage' | 'onstage' | 'screen' | 'echo';

export class Studio {
  readonly state: Signal<CaptureState>;
  readonly notice = signal<Notice | null>(null);
  /** This page is the one that gives: it was opened for that, and not closed since. */
  readonly giving = signal(false);
  /** Why it gives no more, though this person is on the stage. */
  readonly ended = signal<PublishEnding | null>(null);
  private mine: StagePerson | null = null;
  private echoSaid = false;
  private readonly stops: (() => void)[] = [];

  constructor(
    readonly capture: StageCapture,
    readonly support: Support,
    private readonly store: StageStore,
    readonly session: string,
    private readonly around: Around,
  ) {
    this.state = signal(capture.state);
    voice.now = () => capture.now();
    this.stops.push(
      this.watchEcho(),
      capture.listen((state) => this.changed(state)),
      effect(() => this.follow(this.store.mine.value)),
      effect(() => {
        if (this.around.isOver() && this.giving.peek()) this.release();
      }),
    );
  }

  /** A microphone that takes up the loudspeaker is said once for each time on the stage. */
  private watchEcho(): () => void {
    const { others, echo } = this.around;
    let own = SILENT;
    const stop = this.capture.onLevel(({ dbov }) => (own = Math.min(own, dbov)));
    const timer = setInterval(() => {
      const loop = this.giving.peek() && !this.echoSaid && echo.note(own, others());
      own = SILENT;
      if (loop) this.notice.value = 'echo';
      this.echoSaid ||= loop;
    }, ECHO_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  private changed(state: CaptureState): void {
    const before = this.state.peek();
    this.state.value = state;
    const { mine } = this;
    if (!mine || !this.giving.peek()) return;
    if (state.publishing.is === 'closed') return this.closed(state.publishing.why);
    // Ended in the browser's own bar.
    if (before.screen.is === 'on' && state.screen.is !== 'on' && mine.screen) this.say('stage.screen', { on: false });
    const lost = (name: SourceName) => before[name].is === 'on' && state[name].is === 'fault';
    if (lost('microphone') && !mine.muted) this.say('stage.mute', { person: mine.id, muted: true });
    if (lost('camera') && !mine.camera_off) this.say('stage.camera', { person: mine.id, off: true });
  }

  /** Off the stage is said by the event, with who did it. */
  private closed(why: PublishEnding): void {
    if (why === 'off-stage' || why === 'stopped') return;
    this.release();
    this.ended.value = why;
  }

  private say(command: 'stage.mute' | 'stage.camera' | 'stage.screen', data: object): void {
    this.store.call(command, data).catch(() => undefined);
  }

  /** What became of this person on the stage. */
  private follow(mine: StagePerson | null): void {
    const before = this.mine;
    this.mine = mine;
    if (!this.giving.peek()) return;
    if (!mine || mine.place === 'invited') return this.gone();
    if (!before) return;
    if (mine.place !== before.place) this.notice.value = mine.place === 'stage' ? 'onstage' : 'offstage';
    const { microphone, camera, screen } = this.state.peek();
    if (mine.muted && !before.muted && microphone.is === 'on') this.stopped('microphone', 'muted');
    if (mine.camera_off && !before.camera_off && camera.is === 'on') this.stopped('camera', 'darkened');
    if (!mine.picture && camera.is === 'on') this.capture.turnOff('camera');
    if (!mine.screen && before.screen && screen.is === 'on') this.stopped('screen', 'screen');
  }

  private stopped(source: SourceName, notice: Notice): void {
    this.capture.turnOff(source);
    this.notice.value = notice;
  }

  private gone(): void {
    const { happened, me } = this.store;
    const last = happened.peek();
    const taken = last?.person === me && (last?.what === 'removed' || last?.what === 'lost') ? last.what : null;
    this.release();
    if (taken) this.notice.value = taken;
  }

  /** With whose sign-in the page acts. */
  get side(): 'staff' | 'hcp' {
    return this.store.staff ? 'staff' : 'hcp';
  }

  /** Goes behind the stage, or onto it when invited, with what is on now. */
  async enter(): Promise<void> {
    await this.store.call('stage.enter', {});
    this.notice.value = this.ended.value = null;
    this.giving.value = true;
    this.echoSaid = false;
    this.around.echo.forget();
    this.around.hear();
    const person = this.store.me ?? undefined;
    this.capture.publish({ url: publishUrl(), session: this.session, person });
    await this.tellDevices();
  }

  /** What the stage says of microphone and camera is what they are. */
  private async tellDevices(): Promise<void> {
    const { mine } = this.store;
    const now = mine.value;
    if (!now) return;
    const { microphone, camera } = this.state.value;
    const muted = microphone.is !== 'on';
    const off = camera.is !== 'on';
    if (now.muted !== muted) await this.store.call('stage.mute', { person: now.id, muted });
    if (now.picture && now.camera_off !== off) await this.store.call('stage.camera', { person: now.id, off });
  }

  async leave(): Promise<void> {
    this.release();
    await this.store.call('stage.exit', {});
  }

  private release(): void {
    this.giving.value = false;
    this.capture.stopPublishing();
    for (const source of SOURCES) this.capture.turnOff(source);
  }

  async toggleMicrophone(): Promise<void> {
    const on = await this.toggle('microphone');
    if (this.mine && on !== null) await this.store.call('stage.mute', { person: this.mine.id, muted: !on });
  }

  async toggleCamera(): Promise<void> {
    const on = await this.toggle('camera');
    if (this.mine && on !== null) await this.store.call('stage.camera', { person: this.mine.id, off: !on });
  }

  /** The browser asks which; somebody else's screen is not taken away. */
  async toggleScreen(): Promise<boolean> {
    const on = await this.toggle('screen');
    if (on === null) return false;
    try {
      await this.store.call('stage.screen', { on });
      return on;
    } catch (error) {
      this.capture.turnOff('screen');
      throw error;
    }
  }

  /** Whether it is on now; null: it could not be turned on, and the state says why. */
  private async toggle(source: SourceName): Promise<boolean | null> {
    this.notice.value = null;
    if (this.state.value[source].is === 'on') {
      this.capture.turnOff(source);
      return false;
    }
    const { is } = await this.capture.turnOn(source);
    return is === 'on' ? true : null;
  }

  /** Another device, or the same one tried again. Who is muted stays so. */
  async use(source: SourceName, device?: string): Promise<void> {
    const muted = this.giving.value && source === 'microphone' && this.state.value.microphone.is === 'off';
    await this.capture.turnOn(source, device);
    if (muted) this.capture.turnOff(source);
    if (this.giving.value) await this.tellDevices().catch(() => undefined);
  }

  async useNone(source: SourceName): Promise<void> {
    this.capture.turnOff(source);
    if (this.giving.value) await this.tellDevices().catch(() => undefined);
  }

  /** What was on for a look at it alone. */
  letGo(): void {
    if (!this.giving.value) for (const source of SOURCES) this.capture.turnOff(source);
  }

  close(): void {
    for (const stop of this.stops) stop();
    voice.off();
    this.capture.close();
  }
}
