// The server's clock is the only clock. Pages add to the browser's clock the difference that they
// learned from the server's last greeting.
import { signal } from '@preact/signals';

let offset = 0;

/** Milliseconds. */
export const serverNow = () => Date.now() + offset;

/** The server's time in milliseconds, updated each second while the page is visible. */
export const second = signal(serverNow());

const tick = () => {
  second.value = serverNow();
};

/** What counts by the browser's clock until now goes on by the server's at once. */
export function setServerTime(now: string): void {
  offset = new Date(now).getTime() - Date.now();
  tick();
}

if (typeof document !== 'undefined') {
  const look = () => {
    if (!document.hidden) tick();
  };
  setInterval(look, 1000);
  document.addEventListener('visibilitychange', look);
}
