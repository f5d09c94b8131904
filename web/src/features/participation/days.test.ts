import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byDay, summed } from './days';

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

test('links of one channel count together, links without registrations do not show', () => {
  const link = (channel: string, registered: number) => ({ channel, registered });
  const sums = summed([link('email', 2), link('web_site', 0), link('email', 3)]);
  assert.deepEqual([...sums], [['email', 5]]);
});
