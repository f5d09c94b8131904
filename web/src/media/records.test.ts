// Rules of the wire format: what goes in comes out, and nothing that comes can hurt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Assembler,
  decodeClock,
  decodeConfig,
  decodeRecords,
  encodeClock,
  encodeConfig,
  encodeFrame,
  Flag,
  type MediaRecord,
  Type,
} from './records';
import { distance, fromMicros, toMicros, unwrap, wrap } from './time';

const record = (over: Partial<MediaRecord> = {}): MediaRecord => ({
  type: Type.voice,
  flags: 0,
  stream: 1,
  sequence: 65_535,
  level: 42,
  generation: 3,
  timestamp: 0xfffffff0,
  bytes: new Uint8Array([1, 2, 3]),
  ...over,
});

test('a frame is its head, and each record 16 bytes, big endian, and its own', () => {
  const frame = encodeFrame([record({ flags: Flag.key | Flag.low, stream: 0x0102 })]);
  const bytes = [2, 1, 0, 0, 0, 5, 1, 2, 255, 255, 42, 3, 255, 255, 255, 240, 0, 0, 0, 3, 1, 2, 3];
  assert.deepEqual([...frame], bytes);
});

test('what is encoded is decoded', () => {
  const records = [record(), record({ type: Type.gap, bytes: new Uint8Array(0) }), record({ type: 5 })];
  assert.deepEqual(decodeRecords(encodeFrame(records).subarray(4)), records);
});

test('a record that claims more than there is ends the frame; unknown types are passed over', () => {
  const frame = encodeFrame([record(), record({ type: 9 }), record({ sequence: 1 }), record()]);
  new DataView(frame.buffer).setUint32(frame.length - 3 - 4, 0xffffffff);
  const found = decodeRecords(frame.subarray(4));
  assert.deepEqual(found.map(({ sequence }) => sequence), [65_535, 1]);
  for (let cut = 0; cut < frame.length; cut++) decodeRecords(frame.slice(4, cut));
});

test('any bytes at all are read without a fault', () => {
  const assembler = new Assembler();
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 0x7fffffff) & 255;
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: random() }, random);
    if (bytes.length > 16) bytes.set([0, 0, 0], 12);
    for (const found of decodeRecords(bytes)) assembler.take(found);
  }
});

const piece = (sequence: number, more: boolean, ...bytes: number[]) =>
  record({ type: Type.camera, sequence, flags: more ? Flag.key | Flag.more : Flag.key, bytes: Uint8Array.from(bytes) });

test('pieces become one record; one whose rest never comes is thrown away', () => {
  const assembler = new Assembler();
  assert.equal(assembler.take(piece(7, true, 1, 2)), null);
  assert.equal(assembler.take(piece(7, true, 3)), null);
  assert.deepEqual(assembler.take(piece(7, false, 4)), piece(7, false, 1, 2, 3, 4));
  assert.equal(assembler.take(piece(8, true, 1)), null);
  assert.deepEqual(assembler.take(piece(9, false, 5)), piece(9, false, 5));
});

test('pieces of two rungs and streams do not mix', () => {
  const assembler = new Assembler();
  const low = { ...piece(7, true, 9), flags: Flag.low | Flag.more };
  assert.equal(assembler.take(piece(7, true, 1)), null);
  assert.equal(assembler.take(low), null);
  assert.deepEqual(assembler.take(piece(7, false, 2))?.bytes, Uint8Array.of(1, 2));
});

test('pieces without end hold no memory', () => {
  const assembler = new Assembler();
  const large = new Uint8Array(100_000);
  for (let i = 0; i < 3; i++) assert.equal(assembler.take({ ...piece(7, true), bytes: large }), null);
  const last = assembler.take(piece(7, false, 1));
  assert.deepEqual(last?.bytes, Uint8Array.of(1));
});

test('a config is read when it can be used', () => {
  const voice = { codec: 'opus', sampleRate: 48_000, channels: 1 };
  const picture = { codec: 'vp8', width: 768, height: 432 };
  assert.deepEqual(decodeConfig(encodeConfig(voice)), voice);
  assert.deepEqual(decodeConfig(encodeConfig(picture)), picture);
  const read = (text: string) => decodeConfig(new TextEncoder().encode(text));
  for (const bad of ['', 'null', '[]', '7', '{"codec":1}', '{"codec":"vp8","width":1e9,"height":4}', '{"codec":"opus","sampleRate":44100,"channels":1}'])
    assert.equal(read(bad), null);
});

test('a clock record holds Unix milliseconds', () => {
  assert.equal(decodeClock(encodeClock(1_796_000_000_123.4)), 1_796_000_000_123);
  assert.equal(decodeClock(new Uint8Array(7)), null);
  assert.equal(decodeClock(new Uint8Array(8).fill(255)), null);
});

test('timestamps go around 2^32 without a jump', () => {
  assert.equal(distance(0xfffffff0, 16), 32);
  assert.equal(distance(16, 0xfffffff0), -32);
  assert.equal(unwrap(16, 0xfffffff0), 2 ** 32 + 16);
  assert.equal(unwrap(0xfffffff0, 2 ** 32 + 16), 0xfffffff0);
  assert.equal(wrap(2 ** 32 + 5), 5);
  for (let time = 0; time < 100_000; time += 7) assert.equal(fromMicros(toMicros(time)), time);
});
