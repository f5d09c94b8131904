// The server's clock is the only clock. Pages add to the browser's clock the difference that they
// learned from the server's last greeting.
import { signal } from '@preact/signals';

const offset = signal(0);

export function setServerTime(now: string): void {
  offset.value = new Date(now).getTime() - Date.now();
}

function serverNow(): number {
  return Date.now() + offset.value;
}

/** The server's time in milliseconds, updated each second while the page is visible. */
export const second = signal(Date.now());
if (typeof document !== 'undefined')
  setInterval(() => {
    if (!document.hidden) second.value = serverNow();
  }, 1000);
