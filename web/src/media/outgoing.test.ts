// Rules of what a slow uplink leaves out: picture before voice, large before small, whole groups only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outgoing, OutgoingQueue } from './outgoing';
import { Flag, type MediaRecord, Type } from './records';

const make = (type: number, stream: number, flags: number, timestamp: number): Outgoing => ({
  type,
  flags,
  stream,
  level: 0,
  generation: 1,
  timestamp,
  bytes: new Uint8Array(1),
});
const voice = (t: number) => make(Type.voice, 0, 0, t);
const high = (t: number, flags = 0) => make(Type.camera, 1, flags, t);
const low = (t: number, flags = 0) => make(Type.camera, 1, flags | Flag.low, t);
const config = (flags = 0) => make(Type.config, 1, flags, 0);

function drain(queue: OutgoingQueue, now: number): MediaRecord[] {
  const all: MediaRecord[] = [];
  for (let next = queue.next(now); next; next = queue.next(now)) all.push(next);
  return all;
}
const short = ({ type, flags, timestamp }: MediaRecord) => `${type}${flags & Flag.low ? 'l' : ''}${flags & Flag.key ? 'k' : ''} ${timestamp}`;

test('the voice goes first, then the small picture, then the large one', () => {
  const queue = new OutgoingQueue();
  queue.put(high(1, Flag.key), 0);
  queue.put(low(2, Flag.key), 0);
  queue.put(voice(3), 0);
  assert.deepEqual(drain(queue, 0).map(short), ['0 3', '1lk 2', '1k 1']);
});

test('a picture begins with its config and a key frame', () => {
  const queue = new OutgoingQueue();
  queue.put(config(), 0);
  assert.equal(queue.put(high(1), 0), false);
  assert.equal(queue.put(high(2, Flag.key), 0), true);
  queue.put(high(3), 0);
  assert.deepEqual(drain(queue, 0).map(short), ['3 0', '1k 2', '1 3']);
  queue.restart(0);
  assert.ok(queue.needsKey(1, false));
  queue.put(high(4), 0);
  queue.put(high(5, Flag.key), 0);
  assert.deepEqual(drain(queue, 0).map(short), ['3 0', '1k 5']);
});

test('numbers go up by one in each stream and rung, whatever was dropped', () => {
  const queue = new OutgoingQueue();
  queue.put(high(1, Flag.key), 0);
  queue.put(high(2), 0);
  queue.put(low(2, Flag.key), 0);
  assert.deepEqual(drain(queue, 0).map((r) => r.sequence), [0, 0, 1]);
  queue.put(high(3), 10);
  drain(queue, 5000); // too late: dropped
  queue.put(high(4, Flag.key), 9000);
  assert.deepEqual(drain(queue, 9000).map((r) => r.sequence), [2]);
});

test('what nothing needs goes first when it is tight', () => {
  const queue = new OutgoingQueue();
  queue.put(high(1, Flag.key), 0);
  assert.equal(queue.put(high(2, Flag.discardable), 100), true);
  assert.equal(queue.put(high(3, Flag.discardable), 300), false);
  assert.equal(queue.put(high(4), 300), true);
});

test('a picture that waits too long is dropped up to the next key frame, the large one first', () => {
  const queue = new OutgoingQueue();
  queue.put(low(1, Flag.key), 0);
  queue.put(high(1, Flag.key), 0);
  queue.put(voice(1), 0);
  queue.put(voice(2), 601);
  assert.ok(queue.isShut(1, false, 601));
  assert.ok(!queue.isShut(1, true, 601));
  queue.put(voice(3), 602);
  assert.ok(queue.isShut(1, true, 602));
  assert.deepEqual(drain(queue, 602).map(short), ['0 1', '0 2', '0 3']);
});

test('a picture that failed is tried again later each time, and soon after it was steady', () => {
  const queue = new OutgoingQueue();
  const waits: number[] = [];
  let now = 20_000;
  for (let round = 0; round < 7; round++) {
    queue.put(high(now, Flag.key), now);
    now += 601;
    queue.next(now);
    const begin = now;
    while (queue.isShut(1, false, now)) now += 100;
    waits.push(now - begin);
  }
  assert.deepEqual(waits, [4000, 8000, 16_000, 32_000, 64_000, 64_000, 64_000]);
  queue.put(high(1, Flag.key), now);
  drain(queue, now);
  now += 60_000;
  queue.put(high(2), now);
  assert.equal(queue.next(now + 601), null);
  assert.ok(queue.isShut(1, false, now + 2500) && !queue.isShut(1, false, now + 2602));
});

test('the voice waits for 2 s and no longer', () => {
  const queue = new OutgoingQueue();
  for (let n = 0; n < 200; n++) queue.put(voice(n), n * 20);
  const left = drain(queue, 199 * 20);
  assert.equal(left.length, 101);
  assert.equal(left[0]?.timestamp, 99);
});

test('voice that was dropped is told for a while; what a lost connection cost is not', () => {
  const queue = new OutgoingQueue();
  queue.put(voice(1), 0);
  assert.ok(!queue.losesVoice(2000));
  queue.put(voice(2), 2001);
  assert.ok(queue.losesVoice(2001) && queue.losesVoice(7000) && !queue.losesVoice(7001));
  queue.put(voice(3), 9000);
  queue.restart(20_000);
  assert.ok(!queue.losesVoice(20_000));
});
