// What a live connection needs of the browser.
import { Carried, type Line, type Reply } from './carried';
import { Parking } from './parking';
import { Ways } from './ways';

/** Clock, timers, network and sockets; tests pass their own. */
export interface World {
  open(url: string, protocol: string): Line;
  /** A connection that requests carry, for where websockets are refused. */
  carry(): Line;
  now(): number;
  random(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Called with true and false as the browser goes on- and offline; returns an unsubscriber. */
  watchNetwork(changed: (online: boolean) => void): () => void;
  reload(): void;
  /** Where a connection waits between two sessions. */
  readonly parking: Parking;
  /** What is known of the network. */
  readonly ways: Ways;
}

/** Reloads an old page, at most once a minute, so that pages never reload in a loop. */
function reloadOnce(): void {
  const key = 'amphi.reloaded';
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
}

const timers = {
  setTimer: (run: () => void, ms: number): unknown => setTimeout(run, ms),
  clearTimer: (timer: unknown) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** One of the requests of a connection that they carry. */
async function postLive(path: string, body: string, ms: number, leaving = false): Promise<Reply> {
  const response = await fetch(`/api/live${path}`, {
    method: 'POST',
    headers: { 'x-amphi': '1', 'content-type': 'text/plain' },
    credentials: 'same-origin',
    cache: 'no-store',
    body,
    keepalive: leaving,
    signal: AbortSignal.timeout(ms),
  });
  return { status: response.status, text: await response.text() };
}

let carried: Carried | null = null;

/** A page that goes says so, as browsers do for its websockets. */
function carry(): Line {
  if (!carried) addEventListener('pagehide', () => carried?.leave());
  carried = new Carried({ ...timers, post: postLive, now: () => Date.now() });
  return carried;
}

/** The server answers, and is ready: not a page that a network shows in its place. */
async function isReady(): Promise<boolean> {
  try {
    const response = await fetch('/readyz', { cache: 'no-store', signal: AbortSignal.timeout(4_000) });
    return response.ok && (await response.json()).status === 'ready';
  } catch {
    return false;
  }
}

export const browserWorld: World = {
  ...timers,
  parking: new Parking(timers),
  ways: new Ways(isReady),
  open: (url, protocol) => new WebSocket(url, protocol) as Line,
  carry,
  now: () => Date.now(),
  random: () => Math.random(),
  watchNetwork: (changed) => {
    const on = () => changed(true);
    const off = () => changed(false);
    addEventListener('online', on);
    addEventListener('offline', off);
    return () => {
      removeEventListener('online', on);
      removeEventListener('offline', off);
    };
  },
  reload: reloadOnce,
};

/** The address of the live socket of this page's own server. */
export function liveUrl(): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/live`;
}
