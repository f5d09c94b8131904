// Whether a microphone takes up what the loudspeaker says: the own voice is loud when, some moments before, the
// others were, for a while. Browsers cancel echo; what comes through all the same is a loop that everybody hears. Pure.

const SAMPLES = 60; // 15 s, four a second
const LAGS = 4; // up to 1 s
const QUIET_DBOV = 60; // what is not louder is silence
const ALIKE = 0.75;
const SPREAD = 6; // dB: whoever speaks all the time, or never, tells nothing

/** How loud, from 0 for silence. */
const loudness = (dbov: number): number => Math.max(0, QUIET_DBOV - dbov);

export class EchoWatch {
  private readonly own: number[] = [];
  private readonly others: number[] = [];

  /** Levels in dBov of the last quarter of a second. True: there is a loop; it begins to listen anew then. */
  note(own: number, others: number): boolean {
    this.own.push(loudness(own));
    this.others.push(loudness(others));
    if (this.own.length < SAMPLES) return false;
    const loop = [...Array(LAGS).keys()].some((lag) => this.alike(lag) >= ALIKE);
    if (loop) return this.forget(), true;
    this.own.shift();
    this.others.shift();
    return false;
  }

  forget(): void {
    this.own.length = this.others.length = 0;
  }

  /** The correlation of what is heard with what was played so many samples before. */
  private alike(lag: number): number {
    const heard = apart(this.own.slice(lag));
    const played = apart(this.others.slice(0, SAMPLES - lag));
    const spread = (of: readonly number[]) => Math.sqrt(product(of, of) / of.length);
    if (spread(heard) < SPREAD || spread(played) < SPREAD) return 0;
    return product(heard, played) / (heard.length * spread(heard) * spread(played));
  }
}

function apart(of: readonly number[]): number[] {
  const mean = of.reduce((sum, value) => sum + value, 0) / of.length;
  return of.map((value) => value - mean);
}

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
