import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, byDay, summed } from './days';

test('days are those of the congress, and empty days are there', () => {
  const times = ['2026-03-01T22:59:00Z', '2026-03-01T23:01:00Z', '2026-03-04T10:00:00Z'];
  assert.deepEqual(byDay(times, 'Europe/Paris'), [
    { day: '2026-03-01', count: 1 },
    { day: '2026-03-02', count: 1 },
    { day: '2026-03-03', count: 0 },
    { day: '2026-03-04', count: 1 },
  ]);
  assert.deepEqual(byDay([], 'Europe/Paris'), []);
});

test('few days get empty ones before them', () => {
  const days = atLeast([{ day: '2026-03-01', count: 5 }], 3);
  assert.deepEqual(
    days.map(({ day, count }) => `${day} ${count}`),
    ['2026-02-27 0', '2026-02-28 0', '2026-03-01 5'],
  );
  assert.deepEqual(atLeast([], 3), []);
  assert.equal(atLeast(days, 2).length, 3);
});

test('links of one channel count together, links without registrations do not show', () => {
  const link = (channel: string, registered: number) => ({ channel, registered });
  const sums = summed([link('email', 2), link('web_site', 0), link('email', 3)]);
  assert.deepEqual([...sums], [['email', 5]]);
});
