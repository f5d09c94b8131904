// A live connection of this tab to a session, and the stores that its messages fill.
import { effect } from '@preact/signals';
import { LiveSocket } from '../net/socket';
import { liveUrl } from '../net/world';
import { setServerTime } from './clock';
import { personId } from './me';
import type { Command, OpenStore, StoreKind } from './store';

export class LiveRoom {
  readonly socket: LiveSocket;
  private readonly opened: ReadonlyMap<StoreKind, OpenStore<unknown>>;
  private stopJoined: () => void = () => undefined;

  constructor(session: string, staff: boolean, kinds: readonly StoreKind[]) {
    const send = (command: string, data: object) => this.socket.call(command, data);
    this.opened = new Map(kinds.map((kind) => [kind, kind.open(send, staff)]));
    this.socket = new LiveSocket({
      url: liveUrl(),
      session,
      person: personId.value,
      handlers: {
        hello: (hello) => setServerTime(hello.now),
        snapshot: (snapshot) => this.all((store) => store.snapshot(snapshot)),
        event: (event) => this.all((store) => store.event(event)),
        state: (state) => this.all((store) => store.state(state)),
        media: (media) => this.all((store) => store.media(media)),
      },
      probe: () => this.probe(),
    });
  }

  store<S>(kind: StoreKind<S>): S {
    const found = this.opened.get(kind);
    if (!found) throw new Error('this room has no such store');
    return found.store as S;
  }

  start(): void {
    this.stopJoined = effect(() => {
      if (this.socket.connection.value.is === 'online') this.all((store) => store.joined());
    });
    this.socket.start();
  }

  stop(): void {
    this.stopJoined();
    this.all((store) => store.stop());
    this.socket.stop();
  }

  private all(act: (store: OpenStore<unknown>) => void): void {
    for (const store of this.opened.values()) act(store);
  }

  private probe(): Command | null {
    for (const store of this.opened.values()) {
      const probe = store.probe();
      if (probe) return probe;
    }
    return null;
  }
}
