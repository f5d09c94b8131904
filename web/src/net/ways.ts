// Which way a live connection takes: a websocket, or, where the network lets none through, requests.
// That it lets none through is known when websockets get nowhere while the server answers over HTTPS.
// It is kept as long as the page: the next load tries the websocket first.
import type { Line } from './carried';
import { type Hello, readFrame, SUBPROTOCOL } from './protocol';

/** This often in a row, before it is called refused. */
const ENOUGH = 2;
const FIRST_TRIAL_MS = 30_000;
const TRIAL_MS = 300_000;
const TRIAL_TAKES_MS = 10_000;

export class Ways {
  private failures = 0;
  private trials = 0;
  private isRefused = false;

  /** answers: whether the server does, and is ready, over HTTPS. */
  constructor(private readonly answers: () => Promise<boolean>) {}

  get refused(): boolean {
    return this.isRefused;
  }

  /** A websocket did not open, or was cut at once. silent: nothing came in all the time it had. */
  async failed(silent: boolean): Promise<void> {
    const before = this.failures;
    const answers = await this.answers();
    if (this.failures < before) return; // it has worked meanwhile
    this.failures = answers ? before + (silent ? ENOUGH : 1) : 0;
    if (this.failures >= ENOUGH) this.isRefused = true;
  }

  /** A websocket works, or everything is to be tried anew. */
  forget(): void {
    this.failures = this.trials = 0;
    this.isRefused = false;
  }

  /** How long to wait until a websocket is tried again beside a connection that requests carry. */
  untilTrial(): number {
    return this.trials++ === 0 ? FIRST_TRIAL_MS : TRIAL_MS;
  }
}

interface TrialNeeds {
  open(url: string, protocol: string): Line;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  readonly ways: Ways;
}

/** Tries a websocket from time to time, until one is greeted. */
export class Trial {
  private timer: unknown;
  private line: Line | null = null;

  constructor(
    private readonly needs: TrialNeeds,
    private readonly url: string,
    private readonly found: (line: Line, hello: Hello) => void,
  ) {
    this.later();
  }

  stop(): void {
    this.needs.clearTimer(this.timer);
    const { line } = this;
    this.line = null;
    if (!line) return;
    line.onmessage = line.onclose = null;
    line.close();
  }

  private later(): void {
    this.stop();
    this.timer = this.needs.setTimer(() => this.begin(), this.needs.ways.untilTrial());
  }

  private begin(): void {
    const line = this.needs.open(this.url, SUBPROTOCOL);
    this.line = line;
    this.timer = this.needs.setTimer(() => this.later(), TRIAL_TAKES_MS);
    line.onclose = () => this.later();
    line.onmessage = ({ data }) => {
      const frame = readFrame(String(data));
      if (frame.kind !== 'hello') return;
      this.line = null;
      this.stop();
      this.found(line, frame.hello);
    };
  }
}
