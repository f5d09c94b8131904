import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromZone, toZone } from './zone';

const cases: [string, string, string, string][] = [
  ['Europe/Paris', '2026-01-15', '18:30', '2026-01-15T17:30:00.000Z'],
  ['Europe/Paris', '2026-07-15', '18:30', '2026-07-15T16:30:00.000Z'],
  ['Europe/Paris', '2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
  ['Indian/Reunion', '2026-11-21', '02:15', '2026-11-20T22:15:00.000Z'],
  ['America/Guadeloupe', '2026-11-21', '23:45', '2026-11-22T03:45:00.000Z'],
  ['UTC', '2026-12-31', '00:00', '2026-12-31T00:00:00.000Z'],
];

for (const [zone, date, time, utc] of cases)
  test(`${date} ${time} in ${zone} is ${utc}, and back`, () => {
    assert.equal(fromZone({ date, time }, zone), utc);
    assert.deepEqual(toZone(utc, zone), { date, time });
  });

test('an hour that the clocks skip reads as the hour after it', () => {
  const at = fromZone({ date: '2026-03-29', time: '02:30' }, 'Europe/Paris');
  assert.equal(toZone(at, 'Europe/Paris').time, '03:30');
});

test('what is incomplete is no time', () => {
  assert.equal(fromZone({ date: '', time: '10:00' }, 'UTC'), '');
  assert.equal(fromZone({ date: '2026-01-01', time: '' }, 'UTC'), '');
  assert.deepEqual(toZone('', 'UTC'), { date: '', time: '' });
});
