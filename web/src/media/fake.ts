// A websocket, a clock and a network of the tests' own, for publishing.
import { decodeRecords, type MediaRecord } from './records';
import type { MediaLine, MediaWorld } from './world';

export class FakeLine implements MediaLine {
  binaryType: BinaryType = 'blob';
  bufferedAmount = 0;
  readyState = 1;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  closedByClient = false;
  /** The network takes nothing. */
  stuck = false;
  readonly commands: { id: number; command: string; data: Record<string, unknown> }[] = [];
  readonly records: MediaRecord[] = [];
  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === 'string') {
      this.commands.push(JSON.parse(data));
      return;
    }
    if (this.stuck) this.bufferedAmount += data.length;
    this.records.push(...decodeRecords(data.subarray(4)));
  }
  close(): void {
    this.closedByClient = true;
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }
  drop(code: number): void {
    this.onclose?.({ code } as CloseEvent);
  }
}

export class FakeMediaWorld implements MediaWorld {
  time = 1_000_000;
  readonly lines: FakeLine[] = [];
  network: (online: boolean) => void = () => undefined;
  private timers = new Map<number, { at: number; run: () => void }>();
  private nextTimer = 1;
  open(): MediaLine {
    const line = new FakeLine();
    this.lines.push(line);
    return line;
  }
  now = () => this.time;
  random = () => 0.5;
  setTimer(run: () => void, ms: number): unknown {
    this.timers.set(this.nextTimer, { at: this.time + ms, run });
    return this.nextTimer++;
  }
  clearTimer(timer: unknown): void {
    this.timers.delete(timer as number);
  }
  watchNetwork(changed: (online: boolean) => void): () => void {
    this.network = changed;
    return () => undefined;
  }
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end);
      const next = due.sort((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.time = next[1].at;
      next[1].run();
    }
    this.time = end;
  }
  get line(): FakeLine {
    const line = this.lines.at(-1);
    if (!line) throw new Error('no connection was opened');
    return line;
  }
}
