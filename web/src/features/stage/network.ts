// How good the way to the server is before somebody speaks: how soon small answers come, how fast a file does, and
// how fast the server takes what is sent to it.
import { personId } from '../../state/me';

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

interface Network {
  verdict: Verdict;
  /** Until a small answer is there; 0: not known. */
  answerMs: number;
}

export async function checkNetwork(): Promise<Network> {
  try {
    const answers: number[] = [];
    for (let i = 0; i < TRIES; i++) answers.push((await timed('HEAD')).ms);
    const soonest = Math.min(...answers);
    const { ms, bytes } = await timed('GET');
    return { verdict: verdictOf((bytes * 8) / Math.max(1, ms - soonest / 2), soonest), answerMs: soonest };
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    return { verdict: late ? 'poor' : 'unknown', answerMs: 0 };
  }
}

// --- what is sent

/** What it carries with room to spare: a screen beside the picture, the picture, the voice alone, or not even that. */
export type Upload = 'screen' | 'picture' | 'voice' | 'little';

/** kbit/s that are sent (media/picture.ts, voice-encoder.ts), half as much again for what varies. */
const NEEDS: readonly [Upload, number][] = [
  ['screen', 1_450],
  ['picture', 850],
  ['voice', 80],
];
const FIRST_BYTES = 32 * 1024;
const MORE_BYTES = 224 * 1024;
const SLOW_MS = 2_000; // for the first bytes: more of them would only take longer

export const uploadOf = (kbits: number): Upload => NEEDS.find(([, least]) => kbits >= least)?.[0] ?? 'little';

/** Nothing on the way makes noise any smaller. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(all.subarray(at, at + 65_536));
  return all;
}

/** How long it takes until the server has it. */
async function send(session: string, side: 'staff' | 'hcp', bytes: number): Promise<number> {
  const person = personId(side);
  const headers = { 'x-amphi': '1', 'content-type': 'application/octet-stream', ...(person && { 'x-amphi-person': person }) };
  const body = noise(bytes);
  const begin = performance.now();
  const signal = AbortSignal.timeout(LIMIT_MS);
  const response = await fetch(`/api/sessions/${session}/upload-check`, { method: 'POST', headers, body, signal });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`upload-check: ${response.status}`);
  return performance.now() - begin;
}

/** kbit/s at which the server takes what this page sends, 256 KB at most in two requests; null: it could not be measured. */
export async function measureUpload(session: string, side: 'staff' | 'hcp', answerMs: number): Promise<number | null> {
  const rate = (bytes: number, ms: number) => (bytes * 8) / Math.max(1, ms);
  let known: number | null = null;
  try {
    const first = await send(session, side, FIRST_BYTES);
    known = rate(FIRST_BYTES, first - answerMs / 2);
    if (first > SLOW_MS) return known;
    return Math.max(known, rate(MORE_BYTES, (await send(session, side, MORE_BYTES)) - answerMs / 2));
  } catch {
    return known;
  }
}
