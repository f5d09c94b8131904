// When a lost connection is tried again: 0.5 s doubling to 10 s, each times 0.5 to 1.5, so that those who
// were cut off together do not come back together.
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** attempt: from 0; asked: by the server's farewell; chance: 0 to 1. */
export function retryDelay(attempt: number, asked: number | null, chance: number): number {
  if (asked !== null) return asked;
  return Math.min(FIRST_RETRY_MS * 2 ** attempt, LAST_RETRY_MS) * (0.5 + chance);
}
