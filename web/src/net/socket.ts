// A stay in one session over the tab's live connection, as server/PROTOCOL.md has it: greeting, join,
// commands with ids and answers, events and states, and resume after every abnormal close.
//
// Lost connections: browsers answer the server's pings by themselves and do not show them to
// scripts, so silence alone proves nothing here. The connection counts as lost when a command has
// had no answer for ANSWER_MS, when the browser says it is offline, or when opening takes too long.
// Where the caller gives a `probe` (a command that is safe to repeat, such as presence.visible), it
// is sent after 2.5 ping periods without any frame, so that silence is found out as well.
import { type ReadonlySignal, signal } from '@preact/signals';
import { retryDelay } from './backoff';
import type { Line } from './carried';
import { type Connection, type Ending, gone, type Options } from './connection';
import {
  CommandError,
  type Failure,
  type Frame,
  type Hello,
  joined,
  PROTOCOL,
  readFrame,
  readMedia,
  requestId,
  type State,
  SUBPROTOCOL,
} from './protocol';
import { Trial } from './ways';
import { browserWorld, type World } from './world';

const ANSWER_MS = 10_000;
const OPEN_MS = 5_000;
const JOIN_MS = 10_000;
const CUT_MS = 10_000; // what is lost sooner than this was cut off, rather than lost
const TAKEN_MS = 3_000; // for the answer of a connection that was taken over

interface Pending {
  id: number;
  command: string;
  data: object;
  sentAt: number | null; // on the present connection
  resolve(ok: unknown): void;
  reject(error: Error): void;
}

export class LiveSocket {
  private readonly status = signal<Connection>({ is: 'connecting' });
  private readonly world: World;
  private socket: Line | null = null;
  private carried = false; // by requests
  private open = false;
  private trial: Trial | null = null; // of a websocket, meanwhile
  private former: Line | null = null; // until there is an answer on the one that takes its place
  private place: string | null = null; // the tag of this stay's frames
  private at: { epoch: string; seq: number } | null = null; // what a join resumes
  private readonly pending = new Map<number, Pending>();
  private readonly versions = new Map<string, number>();
  private joinId = 0;
  private attempt = 0;
  private retryAfter: number | null = null; // asked for by the server's farewell
  private timer: unknown = null;
  private watchdog: unknown = null;
  private openedAt = 0;
  private taken = false; // this connection was parked by another page
  private hello: Hello | null = null;
  private heardAt = 0;
  private pingMs = 20_000;
  private unwatch: (() => void) | null = null;

  constructor(private readonly options: Options) {
    this.world = options.world ?? browserWorld;
  }

  get connection(): ReadonlySignal<Connection> {
    return this.status;
  }

  start(): void {
    this.unwatch ??= this.world.watchNetwork((online) => this.networkChanged(online));
    this.connect();
  }

  /** Leaves the session. The connection waits a while for the next one. */
  stop(): void {
    this.park();
    this.finish('stopped');
  }

  private park(): void {
    const { socket, hello } = this;
    if (this.status.value.is !== 'online' || !socket || !hello) return;
    this.socket = null;
    this.world.parking.park({ socket, hello, carried: this.carried });
  }

  /**
   * Sends a command, or keeps it until the connection is back, and resolves with the answer's
   * `ok`. Rejects with CommandError; a command is repeated after a resume until it is answered.
   */
  call(command: string, data: object): Promise<unknown> {
    const now = this.status.value;
    if (now.is === 'closed') return Promise.reject(gone(now.why));
    return new Promise((resolve, reject) => {
      const id = requestId();
      const pending: Pending = { id, command, data, sentAt: null, resolve, reject };
      this.pending.set(id, pending);
      if (this.status.value.is === 'online') this.send(pending);
    });
  }

  private connect(): void {
    this.clearTimers();
    this.status.value = { is: 'connecting' };
    this.openedAt = this.heardAt = this.world.now();
    const parked = this.world.parking.take();
    this.taken = this.open = parked !== null;
    this.carried = parked ? parked.carried : this.world.ways.refused;
    this.listen(parked?.socket ?? this.openLine());
    if (parked) this.greeted(parked.hello);
    this.watch();
  }

  private openLine(): Line {
    return this.carried ? this.world.carry() : this.world.open(this.options.url, SUBPROTOCOL);
  }

  private listen(socket: Line): void {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (socket === this.socket) this.open = true;
    };
    socket.onmessage = (message: MessageEvent) => {
      if (socket === this.socket) this.receive(message.data);
    };
    socket.onclose = (event: CloseEvent) => {
      if (socket === this.socket) this.closed(event.code);
    };
  }

  private receive(data: unknown): void {
    this.heardAt = this.world.now();
    if (data instanceof ArrayBuffer) {
      const media = readMedia(data);
      if (media && media.header.place === this.place) this.options.handlers.media?.(media);
      return;
    }
    this.take(readFrame(String(data)));
  }

  private take(frame: Frame): void {
    switch (frame.kind) {
      case 'hello':
        return this.greeted(frame.hello);
      case 'ok':
        if (frame.id === this.joinId) return this.entered(frame.ok);
        return this.answered(frame.id, (pending) => pending.resolve(frame.ok));
      case 'error':
        if (frame.id === this.joinId) return this.refused(frame.error);
        return this.answered(frame.id, (pending) => pending.reject(new CommandError(frame.error)));
      case 'event':
        // Events come in the order of their seq. Those up to ours were delivered already.
        if (frame.event.place !== this.place || !this.at || frame.event.seq <= this.at.seq) return;
        this.at.seq = frame.event.seq;
        return this.options.handlers.event(frame.event);
      case 'state':
        return this.stateCame(frame.state);
      case 'bye':
        this.retryAfter = frame.bye.retry_ms;
        return;
      case 'unknown':
        return;
    }
  }

  private greeted(hello: Hello): void {
    if (hello.protocol > PROTOCOL) {
      this.finish('outdated');
      this.world.reload();
      return;
    }
    this.open = true;
    this.hello = hello;
    this.pingMs = hello.ping_ms;
    this.options.handlers.hello?.(hello);
    this.joinId = requestId();
    const { session, person } = this.options;
    const data = { session, ...(person && { person }), ...(this.at && { resume: this.at }) };
    this.socket?.send(JSON.stringify({ id: this.joinId, command: 'session.join', data }));
  }

  private entered(ok: unknown): void {
    const answer = joined(ok, 'ok');
    this.attempt = 0;
    this.joinId = 0;
    this.versions.clear();
    this.place = answer.place;
    if (answer.resumed && this.at) {
      // The missed events follow, each moving our seq; answer.seq would skip them.
      this.at.epoch = answer.epoch;
    } else {
      this.at = { epoch: answer.epoch, seq: answer.seq };
      if (answer.snapshot) this.options.handlers.snapshot(answer.snapshot);
    }
    this.letFormerGo();
    if (this.carried) this.trial ??= this.tryWebsocket();
    for (const pending of this.pending.values()) this.send(pending);
    // Last: whoever looks at it may give commands, which go at once.
    this.status.value = { is: 'online', carried: this.carried };
  }

  /** The session goes on over the websocket as soon as there is one; nothing is missed or told twice. */
  private tryWebsocket(): Trial {
    return new Trial(this.world, this.options.url, (line, hello) => {
      this.trial = null;
      this.former = this.socket;
      if (this.former) this.former.onmessage = this.former.onclose = null;
      this.carried = this.taken = false;
      this.openedAt = this.world.now();
      this.status.value = { is: 'connecting' };
      this.world.ways.forget();
      this.listen(line);
      this.greeted(hello);
    });
  }

  private letFormerGo(): void {
    this.former?.close();
    this.former = null;
  }

  private refused(error: Failure): void {
    if (
      error.code === 'server.busy' ||
      error.code === 'server.error' ||
      error.code === 'rate.limited'
    )
      return this.drop();
    if (error.code === 'auth.other_person') return this.otherPerson();
    this.finish(error.code === 'not_found' ? 'gone' : 'refused');
  }

  /** A connection that was taken over may be older than the cookie, or the other side's. */
  private otherPerson(): void {
    this.abandon();
    if (this.taken) return this.connect();
    this.finish('other-person');
  }

  private answered(id: number, settle: (pending: Pending) => void): void {
    const pending = this.pending.get(id);
    if (!pending) return; // a repeated command is answered twice
    this.pending.delete(id);
    settle(pending);
  }

  private stateCame(state: State): void {
    if (state.place !== this.place) return;
    const key = `${state.state}\n${state.key}`;
    if ((this.versions.get(key) ?? -1) > state.version) return;
    this.versions.set(key, state.version);
    this.options.handlers.state(state);
  }

  private send(pending: Pending): void {
    pending.sentAt = this.world.now();
    const { id, command, data } = pending;
    this.socket?.send(JSON.stringify({ id, place: this.place, command, data }));
  }

  /** Looks once a second whether the connection is lost in one of the ways named at the top. */
  private watch(): void {
    const now = this.world.now();
    const age = now - this.openedAt;
    if (this.status.value.is !== 'online') {
      if (age >= (this.taken ? TAKEN_MS : this.open ? JOIN_MS : OPEN_MS)) return this.gaveUp();
    } else {
      if (!this.carried && age >= CUT_MS) this.world.ways.forget();
      for (const pending of this.pending.values())
        if (pending.sentAt !== null && now - pending.sentAt >= ANSWER_MS) return this.drop();
      if (now - this.heardAt >= 2.5 * this.pingMs) this.probe();
    }
    this.watchdog = this.world.setTimer(() => this.watch(), 1_000);
  }

  private probe(): void {
    const probe = this.pending.size === 0 ? this.options.probe?.() : null;
    if (probe) this.call(probe.command, probe.data).catch(() => undefined);
  }

  /** Of one that did not come so far as to be joined. */
  private gaveUp(): void {
    if (!this.taken) this.learn(true);
    this.drop();
  }

  /** What the end of a connection says of the network. */
  private learn(silent: boolean): void {
    const { ways } = this.world;
    if (!this.carried) void ways.failed(silent);
    else if (!this.open) ways.forget();
  }

  private closed(code: number): void {
    if (code === 1006 && this.world.now() - this.openedAt < CUT_MS) this.learn(false);
    this.socket = null;
    if (code === 4401) return this.finish('signed-out');
    if (code === 1003 || code === 1008 || code === 1009) return this.finish('refused');
    this.wait();
  }

  private wait(): void {
    this.clearTimers();
    this.letFormerGo();
    for (const pending of this.pending.values()) pending.sentAt = null;
    const delay = retryDelay(this.attempt, this.retryAfter, this.world.random());
    this.retryAfter = null;
    this.attempt += 1;
    this.status.value = { is: 'waiting', at: this.world.now() + delay, attempt: this.attempt };
    this.timer = this.world.setTimer(() => this.connect(), delay);
  }

  /** Gives the connection up without waiting for its close, and tries again. */
  private drop(): void {
    this.abandon();
    this.wait();
  }

  private networkChanged(online: boolean): void {
    if (this.status.value.is === 'closed') return;
    if (online) {
      if (this.status.value.is !== 'waiting') return;
      this.world.ways.forget(); // it may be another network
      this.attempt = 0;
      this.connect();
    } else {
      this.abandon();
      this.clearTimers();
      for (const pending of this.pending.values()) pending.sentAt = null;
      this.status.value = { is: 'waiting', at: null, attempt: this.attempt };
    }
  }

  private abandon(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private finish(why: Ending): void {
    if (this.status.value.is === 'closed') return;
    this.clearTimers();
    this.letFormerGo();
    this.abandon();
    this.unwatch?.();
    this.unwatch = null;
    this.status.value = { is: 'closed', why };
    for (const pending of this.pending.values()) pending.reject(gone(why));
    this.pending.clear();
  }

  private clearTimers(): void {
    this.world.clearTimer(this.timer);
    this.world.clearTimer(this.watchdog);
    this.timer = this.watchdog = null;
    this.trial?.stop();
    this.trial = null;
  }
}
