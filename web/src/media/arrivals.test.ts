// Rules of what is learnt from arrivals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Arrivals } from './arrivals';
import { PER_MS } from './time';

/** Frames of 20 ms from `from` on, each `delay(n)` late. */
function feed(arrivals: Arrivals, from: number, count: number, delay: (n: number) => number, start = 0) {
  for (let n = 0; n < count; n++)
    arrivals.note((start + n * 20 * PER_MS) >>> 0, from + n * 20 + delay(n));
  return from + (count - 1) * 20;
}

test('the target is the spread of all but one of a hundred and 30 ms, from 60 ms to 1.5 s', () => {
  const even = new Arrivals();
  assert.equal(even.target(), 160);
  feed(even, 1000, 500, () => 40);
  assert.equal(even.target(), 60);
  const spread = new Arrivals();
  feed(spread, 1000, 500, (n) => (n % 5) * 25);
  assert.ok(Math.abs(spread.target() - 130) < 0.01);
  const terrible = new Arrivals();
  feed(terrible, 1000, 500, (n) => (n % 5) * 1000);
  assert.equal(terrible.target(), 1500);
});

test('how late the last second came, by the earliest that ever came', () => {
  const arrivals = new Arrivals();
  assert.equal(arrivals.late(0), null);
  let now = feed(arrivals, 0, 100, () => 40);
  assert.ok((arrivals.late(now + 40) ?? 99) < 5);
  now = feed(arrivals, 2000, 100, (n) => 40 + 9 * n, 100 * 20 * PER_MS) + 931;
  assert.ok(Math.abs((arrivals.late(now) ?? 0) - 891) < 5);
  assert.equal(arrivals.late(now + 5000), null);
});

test('times go around 2^32, and a clock that begins anew is another one', () => {
  const arrivals = new Arrivals();
  feed(arrivals, 0, 100, () => 40, 2 ** 32 - 10 * 20 * PER_MS);
  assert.equal(arrivals.target(), 60);
  feed(arrivals, 2000, 100, () => 40, 0x40000000);
  assert.equal(arrivals.target(), 60);
  assert.ok((arrivals.late(4020) ?? 99) < 5);
});

test('without a voice the picture is as far behind as its own arrivals ask for', () => {
  const arrivals = new Arrivals();
  assert.equal(arrivals.playout(0), null);
  const now = feed(arrivals, 1000, 200, () => 40) + 40;
  assert.ok(Math.abs((arrivals.playout(now) ?? 0) / PER_MS - (199 * 20 - 60)) < 2);
});
