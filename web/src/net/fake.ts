// A WebSocket, a clock and a network of the tests' own.
import type { Line } from './carried';
import { Parking } from './parking';
import { Ways } from './ways';
import type { World } from './world';

export class FakeSocket {
  binaryType = 'blob';
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly sent: { id: number; place?: string; command: string; data: Record<string, unknown> }[] = [];
  closedByClient = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closedByClient = true;
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }
  drop(code: number): void {
    this.onclose?.({ code } as CloseEvent);
  }
  last(command: string) {
    const found = this.sent.filter((frame) => frame.command === command).pop();
    if (!found) throw new Error(`no ${command} was sent`);
    return found;
  }
}

export class FakeWorld implements World {
  time = 1_000_000;
  chance = 0.5;
  reloads = 0;
  readonly parking = new Parking(this);
  /** Whether the server does over HTTPS. */
  answers = false;
  readonly ways = new Ways(() => Promise.resolve(this.answers));
  readonly carried: FakeSocket[] = [];
  readonly sockets: FakeSocket[] = [];
  private timers = new Map<number, { at: number; run: () => void }>();
  private nextTimer = 1;
  network: (online: boolean) => void = () => undefined;

  open(): Line {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as Line;
  }
  carry(): Line {
    const socket = new FakeSocket();
    this.carried.push(socket);
    return socket as Line;
  }
  now = () => this.time;
  random = () => this.chance;
  setTimer(run: () => void, ms: number): unknown {
    this.timers.set(this.nextTimer, { at: this.time + ms, run });
    return this.nextTimer++;
  }
  clearTimer(timer: unknown): void {
    this.timers.delete(timer as number);
  }
  watchNetwork(changed: (online: boolean) => void): () => void {
    this.network = changed;
    return () => undefined;
  }
  reload(): void {
    this.reloads++;
  }
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end);
      const next = due.sort((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.time = next[1].at;
      next[1].run();
    }
    this.time = end;
  }
  get socket(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error('no connection was opened');
    return socket;
  }
}

export const HELLO = {
  hello: { protocol: 2, build: 'b', now: '2026-01-01T00:00:00.000Z', ping_ms: 20_000 },
};

export function greetAndJoin(world: FakeWorld, seq = 5, resumed = false, place = 'p'): void {
  world.socket.say(HELLO);
  const { id } = world.socket.last('session.join');
  const snapshot = resumed ? {} : { snapshot: { common: {}, own: {} } };
  world.socket.say({ id, ok: { place, epoch: 'e', seq, resumed, ...snapshot } });
}
