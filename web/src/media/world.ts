// What the library needs of the browser; tests pass their own.

/** What a publisher needs of a WebSocket. */
export interface MediaLine {
  binaryType: BinaryType;
  readonly bufferedAmount: number;
  /** 1 while open; before its close is told it may be closing. */
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((message: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface MediaWorld {
  open(url: string, protocol: string): MediaLine;
  /** Of Date.now(). */
  now(): number;
  random(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Called with true and false as the browser goes on- and offline; returns an unsubscriber. */
  watchNetwork(changed: (online: boolean) => void): () => void;
}

export const browserWorld: MediaWorld = {
  open: (url, protocol) => new WebSocket(url, protocol),
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
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
};
