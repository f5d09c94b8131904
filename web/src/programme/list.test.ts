// Rule: the page's own filter says of a card what public_session_matches() says on the server, and a time on another day
// here than in the congress's zone names its day.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, dayBefore, folded, matches, type Wanted } from './list';

const nothing: Wanted = { q: '', track: '', room: '', language: '', level: '', speaker: '' };
const card = { track: 't', room: 'r', language: 'fr', level: '', speaker: 'a b ', text: folded('Cœur & reins, Pr Valmont') };

test('a card is found by words in any order, without accents, and by each filter', () => {
  assert.ok(matches(card, nothing));
  assert.ok(matches(card, { ...nothing, q: 'valmont COEUR' }));
  assert.ok(matches(card, { ...nothing, q: '  ' }));
  assert.ok(!matches(card, { ...nothing, q: 'coeur foie' }));
  assert.ok(matches(card, { ...nothing, speaker: 'b', track: 't', language: 'fr' }));
  assert.ok(!matches(card, { ...nothing, speaker: 'c' }));
  assert.ok(!matches(card, { ...nothing, level: 'advanced' }));
});

test('breaks are there as long as everything is', () => {
  assert.ok(matches({ ...card, kind: 'break' }, nothing));
  assert.ok(!matches({ ...card, kind: 'break' }, { ...nothing, q: 'coeur' }));
});

test('times are those of the zone', () => {
  const at = '2027-03-28T01:30:00Z'; // summer time has begun in Paris
  assert.equal(clock(at, 'Europe/Paris'), '03:30');
  assert.equal(clock(at, 'America/New_York'), '21:30');
  assert.equal(dayBefore(at, 'America/New_York', 'Europe/Paris', 'en'), ' Sat');
  assert.equal(dayBefore(at, 'Europe/London', 'Europe/Paris', 'en'), '');
});
