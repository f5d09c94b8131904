// Requests that the server refused because too many came at once. With Retry-After it says that nothing
// of the request was done: the page sends it again by itself, after that time and a random one, so that
// those who came together do not come back together. People see that their page waits.
import { signal } from '@preact/signals';

/** How many requests wait for their next try. */
export const waiting = signal(0);

/** Of the browser; tests pass their own. */
export const times = {
  now: (): number => Date.now(),
  random: (): number => Math.random(),
  later: (run: () => void, ms: number): unknown => setTimeout(run, ms),
};

/** A refusal that lasts longer is told to the person. */
const LONGEST_S = 10;
/** From the first refusal on; a refusal after that is told. */
const PATIENCE_MS = 60_000;
const SPREAD_MS = 1_000;
const WIDEST_MS = 8_000;
const READ_AGAIN_S = 2;

export interface Refusal {
  status: number;
  /** The header; null when there is none. */
  retryAfter: string | null;
}

/** Seconds that the server asks to wait; null: this is no refusal of that kind. */
function asked({ status, retryAfter }: Refusal, harmless: boolean): number | null {
  if (status !== 429 && status !== 503) return null;
  if (retryAfter !== null && /^\d{1,4}$/.test(retryAfter)) return Number(retryAfter);
  // The server is busy and does not know what became of the request: reading again does no harm.
  return status === 503 && harmless ? READ_AGAIN_S : null;
}

/** Of one request, over its tries. */
export class Patience {
  private tries = 0;
  private since: number | null = null;

  /** harmless: asking twice changes nothing. */
  constructor(
    private readonly harmless: boolean,
    private readonly signal?: AbortSignal,
  ) {}

  /** Waits for the next try. False: there is none. Rejects when the request is aborted. */
  async waits(refusal: Refusal): Promise<boolean> {
    const seconds = asked(refusal, this.harmless);
    this.since ??= times.now();
    if (seconds === null || seconds > LONGEST_S || times.now() - this.since > PATIENCE_MS) return false;
    const spread = Math.min(WIDEST_MS, SPREAD_MS * 2 ** this.tries++);
    await this.pause(seconds * 1000 + times.random() * spread);
    return true;
  }

  private async pause(ms: number): Promise<void> {
    waiting.value++;
    try {
      await new Promise<void>((resolve) => {
        times.later(resolve, ms);
        this.signal?.addEventListener('abort', () => resolve());
      });
    } finally {
      waiting.value--;
    }
    this.signal?.throwIfAborted();
  }
}
