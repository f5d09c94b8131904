// Rules of what is known of the network.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateOf, Throughput } from './throughput';

test('nothing is known before it was measured', () => {
  const known = new Throughput();
  known.note(1_000_000, 0);
  known.tooMuch(0);
  assert.equal(known.value, null);
});

test('what came when it was too much is what it carries', () => {
  const known = new Throughput();
  known.measured(5000);
  for (let now = 0; now < 10_000; now += 100) known.note(3750, now); // 300 kbit/s
  known.tooMuch(10_000);
  assert.ok(Math.abs((known.value ?? 0) - 300) < 20, `${known.value}`);
});

test('a moment of standing still is not the network\'s measure', () => {
  const known = new Throughput();
  known.measured(5000);
  for (let now = 0; now < 8_000; now += 100) known.note(6250, now); // 500 kbit/s, then nothing
  known.tooMuch(10_000);
  assert.ok((known.value ?? 0) > 450, `${known.value}`);
});

test('a file is measured from its first bytes on, when enough comes after them', () => {
  assert.equal(rateOf([[0, 0]], 2500), null);
  assert.equal(rateOf([[0, 0], [1000, 4000], [2000, 8000]], 2000), 32); // opening counts
  assert.equal(rateOf([[0, 0], [400, 20_000], [800, 120_000]], 800), 2000);
});
