// Rules of what a viewer asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ladder, type Look } from './ladder';
import type { Rung } from './types';

const STEP = 250;

/** Looks four times a second for so long; what was asked for, and when it changed. */
function run(ladder: Ladder, from: number, seconds: number, over: (now: number) => Partial<Look>) {
  const moves: [number, Rung][] = [];
  let last: Rung | null = null;
  for (let now = from; now < from + seconds * 1000; now += STEP) {
    const look: Look = { now, lateMs: 50, throughput: null, hidden: false, ceiling: 'high', ...over(now) };
    const rung = ladder.look(look);
    if (rung !== last) moves.push([now - from, rung]);
    last = rung;
  }
  return moves;
}

test('starts with voice and climbs step by step on a network that has room', () => {
  const moves = run(new Ladder(0), 0, 20, () => ({ throughput: 5000 }));
  assert.deepEqual(moves, [[0, 'voice'], [2000, 'low'], [6000, 'high']]);
});

test('climbs only to what fits one and a half times', () => {
  assert.deepEqual(run(new Ladder(0), 0, 60, () => ({ throughput: 300 })), [[0, 'voice'], [2000, 'low']]);
  assert.deepEqual(run(new Ladder(0), 0, 60, () => ({ throughput: 704 })).at(-1), [2000, 'low']);
  assert.deepEqual(run(new Ladder(0), 0, 60, () => ({ throughput: 705 })).at(-1), [6000, 'high']);
});

test('below 165 kbit/s, and unmeasured, nothing climbs by itself; a press tries the small picture', () => {
  for (const throughput of [164, null]) {
    const ladder = new Ladder(0);
    assert.deepEqual(run(ladder, 0, 60, () => ({ throughput })), [[0, 'voice']]);
    assert.equal(ladder.holds({ throughput }), throughput !== null);
    ladder.tryPicture(60_000);
    assert.deepEqual(run(ladder, 60_000, 60, () => ({ throughput })), [[0, 'low']]);
  }
});

test('over 700 ms late it goes down one rung, and holds 2.5 s before the next', () => {
  const ladder = new Ladder(0);
  run(ladder, 0, 20, () => ({ throughput: 5000 }));
  const moves = run(ladder, 20_000, 10, () => ({ throughput: 5000, lateMs: 900 }));
  assert.deepEqual(moves, [[0, 'high'], [250, 'low'], [3250, 'voice']]);
});

test('one late look moves nothing, and calm is waited for before a climb', () => {
  const ladder = new Ladder(0);
  const late = (now: number) => ({ throughput: 5000, lateMs: now === 1500 || now === 7000 ? 900 : 50 });
  assert.deepEqual(run(ladder, 0, 20, late), [[0, 'voice'], [3500, 'low'], [11_000, 'high']]);
});

test('after a failed climb it waits twice as long, to 2 min', () => {
  const ladder = new Ladder(0);
  // Every stay on the large picture is late after 5 s, and calm as soon as it is left.
  let since = 0;
  const moves: number[] = [];
  for (let now = 0, last = 'voice'; now < 900_000; now += STEP) {
    const lateMs = last === 'high' && now - since > 5000 ? 900 : 50;
    const rung = ladder.look({ now, lateMs, throughput: 5000, hidden: false, ceiling: 'high' });
    if (rung !== last && rung === 'high') moves.push(now - since);
    if (rung !== last) since = now;
    last = rung;
  }
  assert.deepEqual(moves.slice(0, 7), [4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000]);
});

test('hidden: voice alone; shown again: what there was', () => {
  const ladder = new Ladder(0);
  run(ladder, 0, 20, () => ({ throughput: 5000 }));
  assert.deepEqual(run(ladder, 20_000, 10, () => ({ throughput: 5000, hidden: true })), [[0, 'voice']]);
  assert.deepEqual(run(ladder, 30_000, 10, () => ({ throughput: 5000 })), [[0, 'high']]);
});

test('never more than the ceiling', () => {
  const ladder = new Ladder(0);
  assert.deepEqual(run(ladder, 0, 20, () => ({ throughput: 5000, ceiling: 'low' })).at(-1)?.[1], 'low');
  assert.deepEqual(run(ladder, 20_000, 2, () => ({ throughput: 5000, ceiling: 'voice' })), [[0, 'voice']]);
});

test('silence is not lateness', () => {
  const ladder = new Ladder(0);
  run(ladder, 0, 20, () => ({ throughput: 5000 }));
  assert.deepEqual(run(ladder, 20_000, 60, () => ({ throughput: 5000, lateMs: null })), [[0, 'high']]);
});
