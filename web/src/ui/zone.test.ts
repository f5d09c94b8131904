import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromZone, knownZones, toZone } from './zone';

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

/** Days on which clocks go forward or back by an hour, or half of one, east and west of Greenwich. */
const changes: [string, string, string, string][] = [
  ['Europe/Paris', '2026-03-29', '02:30', '03:30'],
  ['Europe/Lisbon', '2026-03-29', '01:30', '02:30'],
  ['America/New_York', '2026-03-08', '02:30', '03:30'],
  ['America/St_Johns', '2026-03-08', '02:15', '03:15'],
  ['America/Miquelon', '2026-03-08', '02:00', '03:00'],
  ['America/Los_Angeles', '2026-03-08', '02:59', '03:59'],
  ['Pacific/Auckland', '2026-09-27', '02:30', '03:30'],
  ['Australia/Lord_Howe', '2026-10-04', '02:10', '02:40'],
];

for (const [zone, date, skipped, read] of changes)
  test(`${skipped}, which clocks in ${zone} skip, reads as the hour after it`, () =>
    assert.deepEqual(toZone(fromZone({ date, time: skipped }, zone), zone), { date, time: read }));

test('an hour that comes twice is the first of the two', () => {
  const twice = (date: string, zone: string) => fromZone({ date, time: '01:30' }, zone);
  assert.equal(twice('2026-11-01', 'America/New_York'), '2026-11-01T05:30:00.000Z');
  assert.equal(twice('2026-10-25', 'Europe/London'), '2026-10-25T00:30:00.000Z');
});

test('each hour of the days around every change is read as it was typed', () => {
  for (const zone of knownZones())
    for (const date of ['2026-03-08', '2026-03-29', '2026-11-01'])
      for (const hour of ['05', '12', '23']) {
        const typed = { date, time: `${hour}:15` };
        assert.deepEqual(toZone(fromZone(typed, zone), zone), typed, zone);
      }
});

test('a zone that is offered is one of today, or its former name is known', () => {
  const root = process.env.AMPHI_ROOT;
  const former = readFileSync(`${root}/migrations/0044_old_zone_names.sql`, 'utf8');
  const places = readFileSync('/usr/share/zoneinfo/zone.tab', 'utf8');
  const unknown = knownZones().filter(
    (zone) => zone !== 'UTC' && !places.includes(`\t${zone}`) && !former.includes(`"${zone}":`),
  );
  assert.deepEqual(unknown, []);
});

test('what is incomplete is no time', () => {
  assert.equal(fromZone({ date: '', time: '10:00' }, 'UTC'), '');
  assert.equal(fromZone({ date: '2026-01-01', time: '' }, 'UTC'), '');
  assert.deepEqual(toZone('', 'UTC'), { date: '', time: '' });
});
