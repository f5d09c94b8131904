import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchanged, inOrder, running, timeAt } from './talkTimes';

const start = '2026-12-01T18:00:00.000Z';
const talk = (start_minute: number, minutes: number) => ({ start_minute, minutes });
const at = (minute: number) => timeAt(start, minute).getTime();

test('a talk runs from its first minute until its last, and the next is what begins after', () => {
  const talks = [talk(0, 20), talk(20, 10), talk(40, 10)];
  assert.deepEqual(running(talks, start, at(-1)), { now: -1, next: 0 });
  assert.deepEqual(running(talks, start, at(0)), { now: 0, next: 1 });
  assert.deepEqual(running(talks, start, at(20)), { now: 1, next: 2 });
  assert.deepEqual(running(talks, start, at(35)), { now: -1, next: 2 });
  assert.deepEqual(running(talks, start, at(50)), { now: -1, next: -1 });
  assert.deepEqual(running([talk(0, 60), talk(30, 10)], start, at(35)), { now: 1, next: -1 });
});

test('times go on over midnight and over a change of summer time', () => {
  assert.equal(timeAt('2026-10-24T23:30:00.000Z', 90).toISOString(), '2026-10-25T01:00:00.000Z');
});

test('two talks take each other’s turn and keep the pause between them', () => {
  const talks = [talk(0, 20), talk(25, 10), talk(40, 5)];
  assert.deepEqual(exchanged(talks, 1, -1), [talk(0, 10), talk(15, 20), talk(40, 5)]);
  assert.deepEqual(exchanged(talks, 0, 1), [talk(0, 10), talk(15, 20), talk(40, 5)]);
  assert.deepEqual(exchanged(talks, 0, -1), talks);
  assert.deepEqual(inOrder([talk(9, 1), talk(3, 1)]), [talk(3, 1), talk(9, 1)]);
});
