import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, withoutGaps } from './days';

test('days without a registration are bars, too', () => {
  const days = [
    { day: '2026-03-01', registered: 2 },
    { day: '2026-03-03', registered: 1 },
  ];
  assert.deepEqual(withoutGaps(days), [
    { day: '2026-03-01', count: 2 },
    { day: '2026-03-02', count: 0 },
    { day: '2026-03-03', count: 1 },
  ]);
  assert.deepEqual(withoutGaps([]), []);
});

test('few days are filled up before the first', () => {
  const days = atLeast([{ day: '2026-03-01', count: 5 }], 3);
  assert.deepEqual(days.map(({ day }) => day), ['2026-02-27', '2026-02-28', '2026-03-01']);
  assert.deepEqual(atLeast([], 3), []);
  assert.equal(atLeast(days, 2).length, 3);
});
