// A live connection that HTTP requests carry, where websockets are refused: server/PROTOCOL.md has it.
// One request waits for what comes, another brings commands; both are repeated when their reply was
// lost, which the server tells from the numbers they bear. To its user it is like a WebSocket.
import { PROTOCOL } from './protocol';

/** What a live connection needs of a WebSocket. */
export interface Line {
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onmessage: ((message: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Reply {
  status: number;
  text: string;
}

export interface CarriedNeeds {
  /** Rejects when nothing came within so many milliseconds. leaving: the page may be gone meanwhile. */
  post(path: string, body: string, ms: number, leaving?: boolean): Promise<Reply>;
  now(): number;
  setTimer(run: () => void, ms: number): unknown;
}

const WAIT_MS = 20_000; // the server's own bound is its ping period
const WAIT_LEAST_MS = 5_000;
const REPLY_MS = 10_000;
const TRIES = 4;
const PAUSE_MS = 300; // before the second try; doubles
const FRAMES_MOST = 32;
const BYTES_MOST = 48 * 1024;
const LOST = 1006; // as WebSocket says it

export class Carried implements Line {
  binaryType: BinaryType = 'arraybuffer';
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  private path: string | null = null; // once it is open
  private over = false;
  private answer = 0; // the number of the last one that came
  private number = 0; // of the last request with commands
  private waitMs = WAIT_MS;
  private readonly waiting: string[] = [];
  private sending = false;

  constructor(private readonly needs: CarriedNeeds) {
    void this.run();
  }

  send(text: string): void {
    this.waiting.push(text);
    void this.flush();
  }

  /** Tells the server, which takes it for the end of this person's stay; nobody is told here. */
  close(): void {
    if (this.over) return;
    this.over = true;
    if (this.path) this.needs.post(`${this.path}/close`, '', REPLY_MS, true).catch(() => undefined);
  }

  /** The page goes: as when a browser closes its websockets. */
  leave(): void {
    const wasOver = this.over;
    this.close();
    if (!wasOver) this.onclose?.({ code: LOST } as CloseEvent);
  }

  private async run(): Promise<void> {
    const reply = await this.needs
      .post('', JSON.stringify({ protocol: PROTOCOL }), REPLY_MS)
      .catch(() => null);
    const connection = reply?.status === 201 ? connectionOf(reply.text) : null;
    if (!connection) return this.end(LOST);
    this.path = `/${connection}`;
    if (this.over) {
      this.over = false; // it was closed before it was there
      return this.close();
    }
    this.onopen?.({} as Event);
    void this.flush();
    while (!this.over) await this.next();
  }

  private async next(): Promise<void> {
    const asked = this.needs.now();
    const body = () => JSON.stringify({ ack: this.answer, wait_ms: this.waitMs });
    const lines = await this.repeat('next', body, () => this.waitMs + REPLY_MS, ({ status, text }) =>
      status === 200 ? linesOf(text) : null, () => {
        // What is on the way may not like to wait so long.
        if (this.needs.now() - asked >= WAIT_LEAST_MS) this.waitMs = Math.max(WAIT_LEAST_MS, this.waitMs / 2);
      });
    if (lines) this.take(lines);
  }

  private take({ answer, frames }: Lines): void {
    if (answer === this.answer) return;
    this.answer = answer;
    for (const frame of frames) {
      if (this.over) return;
      const closed = closeOf(frame);
      if (closed !== null) return this.end(closed);
      this.onmessage?.({ data: frame } as MessageEvent);
    }
  }

  /** One request at a time: what comes meanwhile goes together with the next. */
  private async flush(): Promise<void> {
    if (this.sending || !this.path) return;
    this.sending = true;
    while (this.waiting.length > 0 && !this.over) {
      this.number += 1;
      const body = [JSON.stringify({ number: this.number }), ...this.batch()].join('\n');
      await this.repeat('commands', () => body, () => REPLY_MS, ({ status }) => status === 204 || null);
    }
    this.sending = false;
  }

  private batch(): string[] {
    let bytes = 0;
    const count = this.waiting.findIndex((frame, i) => {
      bytes += 3 * frame.length; // at most, as UTF-8
      return i > 0 && (i >= FRAMES_MOST || bytes > BYTES_MOST);
    });
    return this.waiting.splice(0, count < 0 ? this.waiting.length : count);
  }

  /** Until its reply can be read; then, or when the connection is there no more, it has ended. */
  private async repeat<R>(
    action: string,
    body: () => string,
    ms: () => number,
    read: (reply: Reply) => R | null,
    failed: () => void = () => undefined,
  ): Promise<R | null> {
    for (let tried = 1; !this.over; tried++) {
      const reply = await this.needs.post(`${this.path}/${action}`, body(), ms()).catch(() => null);
      if (this.over) return null;
      const result = reply && read(reply);
      if (result) return result;
      if (isGone(reply) || tried === TRIES) this.end(LOST);
      failed();
      await this.pause(PAUSE_MS * 2 ** (tried - 1));
    }
    return null;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.needs.setTimer(resolve, ms));
  }

  private end(code: number): void {
    if (this.over) return;
    this.over = true;
    this.onclose?.({ code } as CloseEvent);
  }
}

interface Lines {
  answer: number;
  frames: string[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not from our server: a page of what is on the way
  }
}

function connectionOf(text: string): string | null {
  const { connection } = (parse(text) ?? {}) as { connection?: unknown };
  return typeof connection === 'string' && /^[0-9a-f-]{36}$/.test(connection) ? connection : null;
}

function linesOf(text: string): Lines | null {
  const [first = '', ...frames] = text.split('\n').filter((line) => line !== '');
  const { answer } = (parse(first) ?? {}) as { answer?: unknown };
  return typeof answer === 'number' ? { answer, frames } : null;
}

function closeOf(frame: string): number | null {
  if (!frame.startsWith('{"close":')) return null;
  const { close } = (parse(frame) ?? {}) as { close?: { code?: unknown } };
  return typeof close?.code === 'number' ? close.code : LOST;
}

/** The server's own word, and no other's on the way. */
function isGone(reply: Reply | null): boolean {
  const { code } = (reply && parse(reply.text) ? parse(reply.text) : {}) as { code?: unknown };
  return typeof code === 'string' && /^(live|auth|request)\./.test(code);
}
