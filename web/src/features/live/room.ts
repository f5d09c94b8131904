// A live room in this tab: one socket and the stores of the features that are part of it.
import { effect } from '@preact/signals';
import { LiveSocket, liveUrl } from '../../net/socket';
import { setServerTime } from '../../state/clock';
import type { LiveStore } from '../../state/store';
import { PollStore } from '../polls/store';
import { PresenceStore } from '../presence/store';
import { QuestionStore } from '../questions/store';
import { SessionStore } from '../sessions/store';
import { SlideStore } from '../slides/store';
import { stageWidth } from '../slides/width';

const record = (value: unknown) => (value ?? {}) as Record<string, unknown>;

export class LiveRoom {
  readonly session: SessionStore;
  readonly slides: SlideStore;
  readonly questions: QuestionStore;
  readonly polls: PollStore;
  readonly presence: PresenceStore;
  readonly socket: LiveSocket;
  private readonly stores: LiveStore[];
  private readonly stopTelling: () => void;

  constructor(session: string, staff: boolean, more: LiveStore[] = []) {
    const call = (command: string, data: object) => this.socket.call(command, data);
    this.session = new SessionStore(call);
    this.slides = new SlideStore(call);
    this.questions = new QuestionStore(call, staff);
    this.polls = new PollStore(call);
    this.presence = new PresenceStore(call, !staff);
    this.stores = [this.session, this.slides, this.questions, this.polls, this.presence, ...more];
    const visible = () => ({ visible: document.visibilityState === 'visible' });
    this.socket = new LiveSocket({
      url: liveUrl(),
      session,
      handlers: {
        hello: (hello) => setServerTime(hello.now),
        snapshot: ({ common, own }) => {
          for (const store of this.stores) store.snapshot(record(common), record(own));
        },
        event: (event) => {
          for (const store of this.stores) store.event?.(event);
        },
        state: (state) => {
          for (const store of this.stores) store.state?.(state);
        },
        media: (media) => {
          for (const store of this.stores) store.media?.(media);
        },
      },
      probe: () => (staff ? null : { command: 'presence.visible', data: visible() }),
    });
    this.stopTelling = effect(() => {
      if (this.socket.connection.value.is !== 'online') return;
      void this.presence.tell();
      if (!staff) void this.slides.receive(stageWidth());
    });
    this.socket.start();
  }

  stop(): void {
    this.stopTelling();
    this.presence.stop();
    this.slides.stop();
    this.socket.stop();
  }
}
