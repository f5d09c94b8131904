// The server's clock is the only clock: what pages show as "now" is ours shifted by the difference
// that the last greeting told.
import { signal } from '@preact/signals';

const offset = signal(0);

export function setServerTime(now: string): void {
  offset.value = new Date(now).getTime() - Date.now();
}

export function serverNow(): number {
  return Date.now() + offset.value;
}

/** Milliseconds of the server's clock, moving once a second while somebody looks. */
export const second = signal(Date.now());
if (typeof document !== 'undefined')
  setInterval(() => {
    if (!document.hidden) second.value = serverNow();
  }, 1000);
