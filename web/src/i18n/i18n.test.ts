// Rules: dates are those of a zone, figures are what they say, in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeText, errorText } from './errors';
import {
  codeLabel,
  formatBytes,
  formatClock,
  formatDateTime,
  formatMinutes,
  formatRate,
  language,
  plural,
} from './index';

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

test('formats follow the language', () => {
  language.value = 'fr';
  assert.equal(
    plain(formatDateTime('2026-03-29T16:30:00Z', 'Europe/Paris')),
    '29 mars 2026, 18:30',
  );
  assert.equal(plural(0, { one: '# inscrit', other: '# inscrits' }), '0 inscrit');
  assert.equal(plural(2, { one: '# inscrit', other: '# inscrits' }), '2 inscrits');
  assert.equal(plain(formatBytes(4_812_334)), '4,6 Mo');
  language.value = 'en';
  assert.equal(plural(0, { one: '# place', other: '# places' }), '0 places');
  assert.equal(
    plain(formatDateTime('2026-03-29T16:30:00Z', 'Indian/Reunion')),
    '29 Mar 2026, 20:30',
  );
});

test('a rate never rounds to a 0 or a 100 that it is not', () => {
  language.value = 'en';
  const rates = [0, 0.0004, 82 / 131, 1999 / 2000, 1].map(formatRate);
  assert.deepEqual(rates, ['0%', '< 0.1%', '62.6%', '> 99.9%', '100%']);
});

test('spans of time', () => {
  assert.deepEqual([45, 60, 75].map(formatMinutes), ['45 min', '1 h', '1 h 15']);
  assert.deepEqual([0, 61, 3661, -5].map(formatClock), ['0:00', '1:01', '1:01:01', '0:00']);
});

test('a code that is no longer listed shows itself', () => {
  const list = [{ code: '10', label_fr: 'Médecin', label_en: 'Physician' }];
  assert.equal(codeLabel(list, '10'), 'Physician');
  assert.equal(codeLabel(list, '99'), '99');
  assert.equal(codeLabel(undefined, '10'), '10');
});

test('an unknown error code and an unknown error get the general sentence', () => {
  assert.equal(codeText('never.heard'), codeText('other'));
  assert.equal(errorText(new Error('internal text')), codeText('other'));
  assert.equal(codeText('constructor'), codeText('other'));
  assert.notEqual(codeText('rate.limited'), codeText('other'));
});
