// The connection that voice and picture are sent on: server/PROTOCOL.md "Publishing". It comes back by
// itself after every abnormal close; what the network does not take is bounded (outgoing.ts).
import { retryDelay } from '../net/backoff';
import { type Failure, type Frame, PROTOCOL, readFrame, requestId } from '../net/protocol';
import { type Outgoing, OutgoingQueue } from './outgoing';
import { encodeFrame } from './records';
import type { Publishing, PublishEnding, PublishTarget } from './types';
import type { MediaLine, MediaWorld } from './world';

const SUBPROTOCOL = 'amphi-media.1';
const OPEN_MS = 5_000;
const BEGIN_MS = 10_000;
const STUCK_MS = 10_000; // with something to send, and nothing of it is taken
const HELD_BYTES = 12 * 1024; // in the browser, where nothing can be dropped any more
const OPEN = 1; // of a WebSocket
const PUMP_MS = 20;
const WATCH_MS = 1_000;
const TOO_MUCH_MS = 5_000; // before it is tried again after 4429

const ENDINGS: Record<number, PublishEnding> = {
  1003: 'refused',
  1008: 'refused',
  1009: 'refused',
  4401: 'signed-out',
  4403: 'off-stage',
  4409: 'elsewhere',
};
const REFUSALS: Record<string, PublishEnding> = {
  'auth.forbidden': 'forbidden',
  'auth.other_person': 'other-person',
  'not_found': 'gone',
};
/** Not done now: the same may be tried again. */
const PASSING = new Set(['server.busy', 'server.error', 'rate.limited']);

export interface PublisherEvents {
  changed(state: Publishing): void;
  /** Somebody waits for a key frame of the camera (1) or the screen (2). */
  keyframe(stream: number): void;
}

export class Publisher {
  readonly queue = new OutgoingQueue();
  private state: Publishing = { is: 'idle' };
  private socket: MediaLine | null = null;
  private open = false;
  private beginId = 0;
  private attempt = 0;
  private retryAfter: number | null = null; // asked for by the server's farewell
  private openedAt = 0;
  private taken = { bytes: 0, at: 0 }; // what the browser held when it took something last
  private timer: unknown = null;
  private watchdog: unknown = null;
  private pump: unknown = null;
  private readonly unwatch: () => void;

  constructor(
    private readonly target: PublishTarget,
    private readonly events: PublisherEvents,
    private readonly world: MediaWorld,
  ) {
    this.unwatch = world.watchNetwork((online) => this.networkChanged(online));
    this.connect();
  }

  stop(): void {
    this.finish('stopped');
  }

  /** False: it was not taken, the network does not keep up. A picture must go on with a key frame then. */
  send(record: Outgoing): boolean {
    if (this.state.is === 'closed') return false;
    const taken = this.queue.put(record, this.world.now());
    this.flush();
    return taken;
  }

  private set(state: Publishing): void {
    this.state = state;
    this.events.changed(state);
  }

  private connect(): void {
    this.clearTimers();
    this.openedAt = this.world.now();
    this.open = false;
    this.set({ is: 'connecting' });
    const socket = this.world.open(this.target.url, SUBPROTOCOL);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (socket === this.socket) this.open = true;
    };
    socket.onmessage = ({ data }: MessageEvent) => {
      if (socket === this.socket && typeof data === 'string') this.receive(data);
    };
    socket.onclose = ({ code }: CloseEvent) => {
      if (socket === this.socket) this.closed(code);
    };
    this.watch();
  }

  private receive(text: string): void {
    const notice = keyframeOf(text);
    if (notice !== null) return this.events.keyframe(notice);
    this.take(readFrame(text));
  }

  private take(frame: Frame): void {
    if (frame.kind === 'hello') return this.greeted(frame.hello.protocol);
    if (frame.kind === 'bye') this.retryAfter = frame.bye.retry_ms;
    if (frame.kind === 'error' && frame.id === this.beginId) return this.refused(frame.error);
    if (frame.kind === 'ok' && frame.id === this.beginId) this.begun(frame.ok);
  }

  private greeted(protocol: number): void {
    if (protocol > PROTOCOL) return this.finish('outdated');
    this.open = true;
    this.beginId = requestId();
    const { session, person } = this.target;
    const data = { session, ...(person && { person }) };
    this.socket?.send(JSON.stringify({ id: this.beginId, command: 'session.publish', data }));
  }

  private begun(ok: unknown): void {
    const { stream } = (ok ?? {}) as { stream?: unknown };
    if (typeof stream !== 'number') return this.finish('refused');
    this.attempt = this.beginId = 0;
    this.queue.restart(this.world.now());
    this.taken = { bytes: 0, at: this.world.now() };
    this.set({ is: 'online', stream });
    this.flush();
  }

  private refused(error: Failure): void {
    if (PASSING.has(error.code)) return this.drop();
    this.finish(REFUSALS[error.code] ?? 'refused');
  }

  private flush(): void {
    const { socket } = this;
    if (this.state.is !== 'online' || !socket) return;
    while (socket.readyState === OPEN && socket.bufferedAmount < HELD_BYTES) {
      const record = this.queue.next(this.world.now());
      if (!record) break;
      socket.send(encodeFrame([record]));
    }
    if (this.pump !== null || this.queue.empty) return;
    this.pump = this.world.setTimer(() => {
      this.pump = null;
      this.flush();
    }, PUMP_MS);
  }

  /** Looks once a second whether the connection is lost without a word. */
  private watch(): void {
    const now = this.world.now();
    if (this.state.is !== 'online') {
      if (now - this.openedAt >= (this.open ? BEGIN_MS : OPEN_MS)) return this.drop();
    } else if (this.isStuck(now)) return this.drop();
    this.watchdog = this.world.setTimer(() => this.watch(), WATCH_MS);
  }

  private isStuck(now: number): boolean {
    const bytes = this.socket?.bufferedAmount ?? 0;
    if (bytes === 0 || bytes < this.taken.bytes) this.taken = { bytes, at: now };
    else this.taken.bytes = bytes;
    return now - this.taken.at >= STUCK_MS;
  }

  private closed(code: number): void {
    this.socket = null;
    const why = ENDINGS[code];
    if (why) return this.finish(why);
    if (code === 4429) this.retryAfter = TOO_MUCH_MS;
    this.wait();
  }

  private wait(): void {
    this.clearTimers();
    const delay = retryDelay(this.attempt, this.retryAfter, this.world.random());
    this.retryAfter = null;
    this.attempt += 1;
    this.set({ is: 'waiting', at: this.world.now() + delay, attempt: this.attempt });
    this.timer = this.world.setTimer(() => this.connect(), delay);
  }

  /** Gives the connection up without waiting for its close, and tries again. */
  private drop(): void {
    this.abandon();
    this.wait();
  }

  private networkChanged(online: boolean): void {
    if (this.state.is === 'closed') return;
    if (online) {
      if (this.state.is !== 'waiting') return;
      this.attempt = 0;
      return this.connect();
    }
    this.abandon();
    this.clearTimers();
    this.set({ is: 'waiting', at: null, attempt: this.attempt });
  }

  private abandon(): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private finish(why: PublishEnding): void {
    if (this.state.is === 'closed') return;
    this.clearTimers();
    this.abandon();
    this.unwatch();
    this.set({ is: 'closed', why });
  }

  private clearTimers(): void {
    for (const timer of [this.timer, this.watchdog, this.pump]) this.world.clearTimer(timer);
    this.timer = this.watchdog = this.pump = null;
  }
}

/** The stream that a notice asks a key frame of; null: the text is another one. */
function keyframeOf(text: string): number | null {
  if (!text.startsWith('{"notice":')) return null;
  const { notice, data } = JSON.parse(text) as { notice?: unknown; data?: { stream?: unknown } };
  return notice === 'media.keyframe' && typeof data?.stream === 'number' ? data.stream : null;
}
