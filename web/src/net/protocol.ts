// The frames of server/PROTOCOL.md: what every message is wrapped in, nothing about any feature.
import { number, object, optional, string, unknown } from './decode';

export const PROTOCOL = 2;
export const SUBPROTOCOL = `amphi.${PROTOCOL}`;

const hello = object({ protocol: number, build: string, now: string, ping_ms: number });
const failure = object({ code: string, field: optional(string), reason: optional(string) });
const farewell = object({ code: string, retry_ms: number });
const event = object({ event: string, place: string, seq: number, at: string, data: unknown });
const state = object({ state: string, place: string, key: string, version: number, data: unknown });
export const joined = object({
  place: string,
  epoch: string,
  seq: number,
  resumed: (value) => value === true,
  snapshot: optional(object({ common: unknown, own: unknown })),
});

export type Hello = ReturnType<typeof hello>;
export type Failure = ReturnType<typeof failure>;
export type Event = ReturnType<typeof event>;
export type State = ReturnType<typeof state>;
export type Snapshot = { common: unknown; own: unknown };

let requests = 0;

/** For a command. No two of a page are equal, also when a connection changes hands. */
export const requestId = (): number => ++requests;

/** The server refused a command. */
export class CommandError extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly reason: string | null;
  constructor(failure: Failure) {
    super(failure.code);
    this.name = 'CommandError';
    this.code = failure.code;
    this.field = failure.field;
    this.reason = failure.reason;
  }
}

export type Frame =
  | { kind: 'hello'; hello: Hello }
  | { kind: 'ok'; id: number; ok: unknown }
  | { kind: 'error'; id: number; error: Failure }
  | { kind: 'event'; event: Event }
  | { kind: 'state'; state: State }
  | { kind: 'bye'; bye: ReturnType<typeof farewell> }
  | { kind: 'unknown' };

export function readFrame(text: string): Frame {
  const value = JSON.parse(text) as Record<string, unknown>;
  if ('hello' in value) return { kind: 'hello', hello: hello(value.hello, 'hello') };
  if ('ok' in value) return { kind: 'ok', id: number(value.id, 'id'), ok: value.ok };
  if ('error' in value)
    return { kind: 'error', id: number(value.id, 'id'), error: failure(value.error, 'error') };
  if ('event' in value) return { kind: 'event', event: event(value) };
  if ('state' in value) return { kind: 'state', state: state(value) };
  if ('bye' in value) return { kind: 'bye', bye: farewell(value.bye, 'bye') };
  return { kind: 'unknown' };
}

/** A binary frame: the header says what the bytes are. */
export interface Media {
  kind: number;
  header: Record<string, unknown>;
  bytes: Uint8Array<ArrayBuffer>;
}

export const MEDIA_SLIDE = 1;
/** Live voice and picture: the bytes are records. */
export const MEDIA_LIVE = 2;

const versions: Record<number, number> = { [MEDIA_SLIDE]: 2, [MEDIA_LIVE]: 1 };

/** Null: a frame of an unknown kind or version, which the protocol says to ignore. */
export function readMedia(buffer: ArrayBuffer): Media | null {
  if (buffer.byteLength < 4) return null;
  const view = new DataView(buffer);
  const length = view.getUint16(2);
  if (view.getUint8(1) !== versions[view.getUint8(0)] || buffer.byteLength < 4 + length) return null;
  const header: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  if (typeof header !== 'object' || header === null) return null;
  return {
    kind: view.getUint8(0),
    header: header as Record<string, unknown>,
    bytes: new Uint8Array(buffer, 4 + length),
  };
}
