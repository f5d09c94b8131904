// Rules of what of a picture is decoded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PictureGate } from './picture-gate';
import { encodeConfig, Flag, type MediaRecord, Type } from './records';

const { key, low, discardable } = Flag;
const make = (sequence: number, flags = 0, generation = 1): MediaRecord => ({
  type: Type.camera,
  flags,
  stream: 1,
  sequence,
  level: 0,
  generation,
  timestamp: 0,
  bytes: new Uint8Array(1),
});
const config = (flags: number, generation = 1, width = 768): MediaRecord => ({
  ...make(0, flags, generation),
  type: Type.config,
  bytes: encodeConfig({ codec: 'vp8', width, height: 432 }),
});

function opened(): PictureGate {
  const gate = new PictureGate();
  gate.config(config(0));
  gate.config(config(low, 1, 256));
  return gate;
}
const takes = (gate: PictureGate, ...records: MediaRecord[]) => records.map((record) => gate.take(record) !== null);

test('nothing before a config and a key frame; the first one sets the decoder up', () => {
  const gate = new PictureGate();
  assert.deepEqual(takes(gate, make(1, key)), [false]);
  gate.config(config(0));
  assert.deepEqual(takes(gate, make(2)), [false]);
  assert.deepEqual(gate.take(make(3, key)), { key: true, low: false, setUp: { codec: 'vp8', width: 768, height: 432 } });
  assert.deepEqual(gate.take(make(4)), { key: false, low: false, setUp: null });
  assert.deepEqual(gate.take(make(5, key))?.setUp, null);
  assert.equal(gate.waited, 2);
});

test('after a hole it waits for a key frame', () => {
  assert.deepEqual(takes(opened(), make(0xfffe, key), make(0xffff), make(0), make(2), make(3), make(4, key)), [true, true, true, false, false, true]);
});

test('a frame that nothing needs may be missing, others not', () => {
  const gate = opened();
  takes(gate, make(0, key), make(1, discardable), make(2));
  assert.deepEqual(takes(gate, make(4), make(6), make(7, discardable)), [true, true, true]);
  assert.deepEqual(takes(gate, make(9, discardable)), [false]); // the one before was needed
  takes(gate, make(10, key));
  assert.deepEqual(takes(gate, make(13)), [false]);
});

test('the other rung takes over with its key frame', () => {
  const gate = opened();
  takes(gate, make(0, key | low), make(1, low));
  assert.deepEqual(takes(gate, make(50), make(2, low)), [false, true]);
  assert.equal(gate.take(make(51, key))?.setUp?.width, 768);
  assert.deepEqual(takes(gate, make(3, low), make(52)), [false, true]);
});

test('another generation waits for its config and its key frame', () => {
  const gate = opened();
  takes(gate, make(0, key));
  assert.deepEqual(takes(gate, make(1, key, 2)), [false]);
  gate.config(config(0, 2, 640));
  assert.deepEqual(takes(gate, make(2, 0, 2)), [false]);
  assert.equal(gate.take(make(3, key, 2))?.setUp?.width, 640);
});

test('a config that is repeated changes nothing', () => {
  const gate = opened();
  takes(gate, make(0, key));
  gate.config(config(0));
  assert.deepEqual(takes(gate, make(1)), [true]);
});

test('an end is one when it is of the rung that is shown', () => {
  const gate = opened();
  takes(gate, make(0, key | low));
  assert.equal(gate.ends(make(9)), false);
  assert.equal(gate.ends(make(1, low)), true);
  assert.deepEqual(takes(gate, make(2, low)), [false]);
});
