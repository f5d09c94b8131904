// Records of live voice and picture, and the binary frames that carry them: server/PROTOCOL.md "Media
// frames". What comes from the server is checked all the same: a wrong length ends the frame.

export const HEAD = 16;
const FRAME_HEAD = 4;
const KIND = 2;
const VERSION = 1;
/** Of a record put together from pieces; the server takes no frame that is larger. */
export const RECORD_MOST = 256 * 1024;

export const Type = { voice: 0, camera: 1, screen: 2, config: 3, gap: 4, clock: 5 } as const;
export const Flag = { key: 1, discardable: 2, low: 4, muted: 8, more: 16 } as const;

export interface MediaRecord {
  type: number;
  flags: number;
  stream: number;
  sequence: number;
  /** Of a voice, −dBov: 0 loudest to 127. */
  level: number;
  /** Of the stream's config. */
  generation: number;
  /** 1/48,000 s, modulo 2^32. */
  timestamp: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A publisher's frame: its head names no place. */
export function encodeFrame(records: readonly MediaRecord[]): Uint8Array<ArrayBuffer> {
  const size = records.reduce((sum, { bytes }) => sum + HEAD + bytes.length, FRAME_HEAD);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  out.set([KIND, VERSION, 0, 0]);
  let at = FRAME_HEAD;
  for (const record of records) {
    out.set([record.type, record.flags], at);
    view.setUint16(at + 2, record.stream);
    view.setUint16(at + 4, record.sequence);
    out.set([record.level, record.generation], at + 6);
    view.setUint32(at + 8, record.timestamp);
    view.setUint32(at + 12, record.bytes.length);
    out.set(record.bytes, at + HEAD);
    at += HEAD + record.bytes.length;
  }
  return out;
}

/** The records of a frame's bytes (after its header). What is cut off or of an unknown type is left out. */
export function decodeRecords(bytes: Uint8Array<ArrayBuffer>): MediaRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: MediaRecord[] = [];
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const length = view.getUint32(at + 12);
    const end = at + HEAD + length;
    if (end > bytes.length) break;
    if (view.getUint8(at) <= Type.clock)
      found.push({
        type: view.getUint8(at),
        flags: view.getUint8(at + 1),
        stream: view.getUint16(at + 2),
        sequence: view.getUint16(at + 4),
        level: view.getUint8(at + 6) & 127,
        generation: view.getUint8(at + 7),
        timestamp: view.getUint32(at + 8),
        bytes: bytes.subarray(at + HEAD, end),
      });
    at = end;
  }
  return found;
}

const isLow = ({ flags }: MediaRecord): boolean => (flags & Flag.low) !== 0;
/** Stream and rung. */
export const trackOf = (record: MediaRecord): number => record.stream * 2 + (isLow(record) ? 1 : 0);

interface Pieces {
  head: MediaRecord;
  parts: Uint8Array[];
  size: number;
}

/** Puts records together that came in pieces; a piece that another record follows is thrown away. */
export class Assembler {
  private readonly open = new Map<number, Pieces>();

  /** The whole record; null: more of it is to come, or it is of no use. */
  take(record: MediaRecord): MediaRecord | null {
    const track = trackOf(record);
    const begun = this.open.get(track);
    const more = (record.flags & Flag.more) !== 0;
    const goesOn = begun && begun.head.sequence === record.sequence && begun.head.type === record.type;
    if (!goesOn) {
      this.open.delete(track);
      if (!more) return record;
      this.open.set(track, { head: record, parts: [record.bytes], size: record.bytes.length });
      return null;
    }
    begun.parts.push(record.bytes);
    begun.size += record.bytes.length;
    if (begun.size > RECORD_MOST) this.open.delete(track);
    if (more || begun.size > RECORD_MOST) return null;
    this.open.delete(track);
    return { ...begun.head, flags: begun.head.flags & ~Flag.more, bytes: join(begun) };
  }

  reset(): void {
    this.open.clear();
  }
}

function join({ parts, size }: Pieces): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** What a stream is made of. */
export type Config =
  | { codec: string; sampleRate: number; channels: number }
  | { codec: string; width: number; height: number };

export function encodeConfig(config: Config): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(config)) as Uint8Array<ArrayBuffer>;
}

const SIZE_MOST = 4096;
const isSize = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= SIZE_MOST;

/** Null: none that this page can use. */
export function decodeConfig(bytes: Uint8Array): Config | null {
  let value: Record<string, unknown>;
  try {
    value = (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { codec, sampleRate, channels, width, height } = value;
  if (typeof codec !== 'string' || codec.length > 64) return null;
  if (isSize(width) && isSize(height)) return { codec, width, height };
  if (sampleRate !== 48_000 || (channels !== 1 && channels !== 2)) return null;
  return { codec, sampleRate, channels };
}

/** Of a clock record: Unix milliseconds. */
export function encodeClock(unixMs: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(Math.round(unixMs)));
  return out;
}

/** Null: not a time. */
export function decodeClock(bytes: Uint8Array): number | null {
  if (bytes.length !== 8) return null;
  const ms = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
  return Number.isSafeInteger(ms) ? ms : null;
}
