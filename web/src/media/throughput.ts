// What is known of how much the network carries. What comes says only that it carries as much; what comes
// while it is late says that it carries no more. Pure, but for measure().

const WINDOW_MS = 2_000;
const KEPT_MS = 6_000;
const STEP_MS = 500;
const ENOUGH = 40 * 1024; // bytes after the first ones, to leave out what opening took

export class Throughput {
  private estimate: number | null = null;
  private readonly recent: { at: number; bytes: number }[] = [];
  total = 0;

  note(bytes: number, now: number): void {
    this.total += bytes;
    this.recent.push({ at: now, bytes });
    while (this.recent[0] && now - this.recent[0].at > KEPT_MS + WINDOW_MS) this.recent.shift();
  }

  /** kbit/s of the 2 s before. */
  private coming(now: number): number {
    const within = ({ at }: { at: number }) => at <= now && now - at <= WINDOW_MS;
    const bytes = this.recent.reduce((sum, one) => sum + (within(one) ? one.bytes : 0), 0);
    return (bytes * 8) / WINDOW_MS;
  }

  measured(kbits: number): void {
    this.estimate = kbits;
  }

  /** It was too much: no more fits than the most that came in the last seconds. */
  tooMuch(now: number): void {
    let most = 0;
    for (let ago = 0; ago <= KEPT_MS; ago += STEP_MS) most = Math.max(most, this.coming(now - ago));
    if (this.estimate !== null && most > 0) this.estimate = Math.min(this.estimate, most);
  }

  /** kbit/s; null: not measured. */
  get value(): number | null {
    return this.estimate;
  }
}

/** kbit/s at which a file comes, read for so long at most; null: it does not. */
export async function measure(url: string, ms: number): Promise<number | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  const came: [number, number][] = [[performance.now(), 0]]; // when, how much by then
  try {
    const { body, ok } = await fetch(url, { cache: 'no-store', signal: stop.signal });
    if (!ok || !body) return null;
    const reader = body.getReader();
    for (let part = await reader.read(), sum = 0; !part.done; part = await reader.read())
      came.push([performance.now(), (sum += part.value.length)]);
  } catch {
    // Cut off: what came until then counts.
  } finally {
    clearTimeout(timer);
  }
  return rateOf(came, performance.now());
}

/** Since it was asked for, or, of what came after the first bytes, since those; whichever is more. */
export function rateOf(came: readonly (readonly [number, number])[], end: number): number | null {
  const [[asked] = [0]] = came;
  const [first, before] = came[1] ?? [0, 0];
  const all = came.at(-1)?.[1] ?? 0;
  if (all === 0) return null;
  const rate = (bytes: number, ms: number) => (bytes * 8) / Math.max(1, ms);
  const rest = all - before < ENOUGH ? 0 : rate(all - before, end - first);
  return Math.max(rate(all, end - asked), rest);
}
