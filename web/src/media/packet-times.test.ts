// Rules of the times of decoded samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME } from './clock';
import { PacketTimes } from './packet-times';

const through = (times: readonly number[], outputs: readonly number[]): (number | null)[] => {
  const packets = new PacketTimes();
  for (const time of times) packets.put(time);
  return outputs.map((samples) => packets.take(samples));
};

test('each packet has its own time: after a silence, after a loss, and when its publisher begins anew', () => {
  const times = [4800, 4800 + FRAME, 48_000, 48_000 + FRAME, 0, FRAME];
  assert.deepEqual(through(times, times.map(() => FRAME)), times);
});

test('a decoder that gives out less or more than a packet at a time keeps the times', () => {
  assert.deepEqual(through([0, FRAME, 96_000], [480, 480, FRAME, 480, 480]), [0, 480, FRAME, 96_000, 96_480]);
  assert.deepEqual(through([0, FRAME, 96_000], [2 * FRAME, FRAME]), [0, 96_000]);
});

test('what comes out without a packet has no time, and another decoder begins without those of the last', () => {
  const packets = new PacketTimes();
  assert.equal(packets.take(FRAME), null);
  packets.put(5);
  packets.clear();
  assert.equal(packets.take(FRAME), null);
  packets.put(7);
  assert.equal(packets.take(FRAME), 7);
});

test('a decoder that gives nothing out costs no memory without end', () => {
  const packets = new PacketTimes();
  for (let n = 0; n < 10_000; n++) packets.put(n);
  assert.equal(packets.take(FRAME), 9_500);
});
