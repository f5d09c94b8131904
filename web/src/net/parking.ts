// A connection between two sessions. A page that leaves its session parks the connection; the next
// page that enters one takes it over, and so moves without a second connection. One that nobody
// takes leaves its session at once, and is closed before the server loses patience with it.
import type { Line } from './carried';
import { type Hello, requestId } from './protocol';

/** The server closes a connection that is in no session for a minute. */
const PARK_MS = 45_000;

/** An open connection that was greeted. */
export interface Parked {
  socket: Line;
  hello: Hello;
  carried: boolean;
}

interface Timers {
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
}

export class Parking {
  private parked: Parked | null = null;
  private timer: unknown = null;

  constructor(private readonly timers: Timers) {}

  park(parked: Parked): void {
    this.drop();
    this.parked = parked;
    parked.socket.onmessage = null;
    parked.socket.onclose = () => this.forget();
    this.timer = this.timers.setTimer(() => this.leave(parked), 0);
  }

  /** The parked connection, which is the caller's from here on. */
  take(): Parked | null {
    const parked = this.parked;
    this.forget();
    return parked;
  }

  private leave({ socket }: Parked): void {
    socket.send(JSON.stringify({ id: requestId(), command: 'session.leave', data: {} }));
    this.timer = this.timers.setTimer(() => this.drop(), PARK_MS);
  }

  private drop(): void {
    const parked = this.parked;
    this.forget();
    if (!parked) return;
    parked.socket.onclose = null;
    parked.socket.close();
  }

  private forget(): void {
    this.timers.clearTimer(this.timer);
    this.timer = null;
    this.parked = null;
  }
}
