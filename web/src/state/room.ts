// A live connection of this tab to a session, and the stores that its messages fill.
import { effect, untracked } from '@preact/signals';
import { LiveSocket } from '../net/socket';
import { liveUrl } from '../net/world';
import { setServerTime } from './clock';
import { notice, personId } from './me';
import type { Command, OpenStore, StoreKind } from './store';

export class LiveRoom {
  readonly socket: LiveSocket;
  private readonly opened: ReadonlyMap<StoreKind, OpenStore<unknown>>;
  private stopJoined: () => void = () => undefined;

  constructor(
    session: string,
    private readonly staff: boolean,
    kinds: readonly StoreKind[],
  ) {
    const send = (command: string, data: object) => this.socket.call(command, data);
    this.opened = new Map(kinds.map((kind) => [kind, kind.open(send, staff)]));
    this.socket = new LiveSocket({
      url: liveUrl(),
      session,
      person: this.person ?? undefined,
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

  /** For whom this room is. */
  get person(): string | null {
    return personId(this.staff ? 'staff' : 'hcp');
  }

  store<S>(kind: StoreKind<S>): S {
    const found = this.opened.get(kind);
    if (!found) throw new Error('this room has no such store');
    return found.store as S;
  }

  start(): void {
    this.stopJoined = effect(() => {
      const now = this.socket.connection.value;
      if (now.is === 'online') untracked(() => this.all((store) => store.joined(now.carried)));
      if (now.is === 'closed' && now.why === 'other-person') this.sayWho();
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

  private sayWho(): void {
    notice(this.staff ? 'staff' : 'hcp').catch(() => undefined);
  }

  private probe(): Command | null {
    for (const store of this.opened.values()) {
      const probe = store.probe();
      if (probe) return probe;
    }
    return null;
  }
}
