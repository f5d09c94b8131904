// Rules of a loop of sound: a microphone that hears the loudspeaker is found, people who talk with each other are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EchoWatch } from './echo';

/** Speech: words of some samples and pauses, always the same for a seed. */
function speech(seed: number): (n: number) => number {
  const loud: number[] = [];
  let state = seed;
  const next = (most: number) => (state = (state * 1103515245 + 12345) % 2 ** 31) % most;
  while (loud.length < 1000) {
    const [words, pause] = [2 + next(7), 1 + next(6)];
    for (let n = 0; n < words; n++) loud.push(22 + next(10));
    for (let n = 0; n < pause; n++) loud.push(95);
  }
  return (n) => loud[n] ?? 127;
}

const found = (own: (n: number) => number, others: (n: number) => number): boolean => {
  const watch = new EchoWatch();
  return [...Array(400).keys()].some((n) => watch.note(own(n), others(n)));
};

test('what the loudspeaker says comes back, later and softer', () => {
  for (const seed of [1, 2, 3])
    for (const lag of [0, 1, 3]) assert.ok(found((n) => Math.min(127, speech(seed)(n - lag) + 18), speech(seed)), `${seed} ${lag}`);
});

test('somebody who talks at the same time, or in turn, is no loop', () => {
  for (let seed = 1; seed < 40; seed++) {
    const others = speech(seed);
    assert.ok(!found(speech(seed + 1000), others), `at the same time ${seed}`);
    assert.ok(!found((n) => (others(n) > 60 ? 25 : 90), others), `in turn ${seed}`);
  }
});

test('what is cancelled, and silence, are no loop', () => {
  const others = speech(5);
  assert.ok(!found((n) => others(n) + 45, others));
  assert.ok(!found(() => 127, others));
  assert.ok(!found(speech(6), () => 127));
});

test('it is told once, and then it listens anew', () => {
  const watch = new EchoWatch();
  const others = speech(7);
  const told = [...Array(120).keys()].filter((n) => watch.note(others(n) + 10, others(n)));
  assert.deepEqual(told, [59, 119]);
});
