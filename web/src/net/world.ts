// What a live connection needs of the browser.
import { Parking } from './parking';

/** Clock, timers, network and sockets; tests pass their own. */
export interface World {
  open(url: string, protocol: string): WebSocket;
  now(): number;
  random(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Called with true and false as the browser goes on- and offline; returns an unsubscriber. */
  watchNetwork(changed: (online: boolean) => void): () => void;
  reload(): void;
  /** Where a connection waits between two sessions. */
  readonly parking: Parking;
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

export const browserWorld: World = {
  ...timers,
  parking: new Parking(timers),
  open: (url, protocol) => new WebSocket(url, protocol),
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
