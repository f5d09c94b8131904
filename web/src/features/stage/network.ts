// How good the way to the server is, as far as a page can tell before it sends anything: how soon small answers
// come, and how fast a file does.

/** Where the build put a file to measure with. */
declare const MEASURE_FILE: string;

export type Verdict = 'good' | 'fair' | 'poor' | 'unknown';

const TRIES = 3;
const LIMIT_MS = 8_000;
const GOOD = { kbits: 1_500, ms: 250 };
const FAIR = { kbits: 300, ms: 600 };

export function verdictOf(kbits: number, ms: number): Verdict {
  if (kbits >= GOOD.kbits && ms <= GOOD.ms) return 'good';
  return kbits >= FAIR.kbits && ms <= FAIR.ms ? 'fair' : 'poor';
}

async function timed(method: 'GET' | 'HEAD'): Promise<{ ms: number; bytes: number }> {
  const begin = performance.now();
  const response = await fetch(MEASURE_FILE, { method, cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) });
  const { byteLength } = await response.arrayBuffer();
  return { ms: performance.now() - begin, bytes: byteLength };
}

export async function checkNetwork(): Promise<Verdict> {
  try {
    const answers: number[] = [];
    for (let i = 0; i < TRIES; i++) answers.push((await timed('HEAD')).ms);
    const soonest = Math.min(...answers);
    const { ms, bytes } = await timed('GET');
    return verdictOf((bytes * 8) / Math.max(1, ms - soonest / 2), soonest);
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'poor' : 'unknown';
  }
}
