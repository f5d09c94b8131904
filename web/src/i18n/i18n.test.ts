// Rules: dates are those of a zone, figures are what they say, in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../net/api';
import { codeText, errorText, fieldText } from './errors';
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
import { formatSlot, formatTimeIn } from './zone';

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
  assert.equal(plain(formatBytes(20 * 1024 ** 3)), '20 Go');
  assert.equal(plain(formatBytes(10)), '1 ko');
  language.value = 'en';
  assert.equal(plural(0, { one: '# place', other: '# places' }), '0 places');
  assert.equal(
    plain(formatDateTime('2026-03-29T16:30:00Z', 'Indian/Reunion')),
    '29 Mar 2026, 20:30',
  );
});

test('a time of a congress names the city of its zone, as mails do', () => {
  const shown = (zone: string) => plain(formatTimeIn('2026-03-29T16:30:00Z', zone));
  language.value = 'fr';
  assert.deepEqual(
    ['Europe/Paris', 'Europe/Athens', 'Africa/Cairo', 'America/New_York', 'UTC'].map(shown),
    ['18:30 (heure de Paris)', '19:30 (heure d’Athènes)', '18:30 (heure du Caire)', '12:30 (heure de New York)', '16:30 (UTC)'],
  );
  language.value = 'en';
  assert.deepEqual(['Europe/Paris', 'America/New_York'].map(shown), ['18:30 (Paris time)', '12:30 (New York time)']);
  assert.match(
    plain(formatSlot('2026-12-01T18:30:00Z', 75, 'Europe/Paris')),
    /^Tuesday,? 1 December 2026, 19:30 \(Paris time\) · 1 h 15$/,
  );
});

test('a rate is cut, never rounded up, and shows no 0 that it is not', () => {
  language.value = 'en';
  const shown = (rates: number[], digits?: number) => rates.map((rate) => formatRate(rate, digits));
  assert.deepEqual(shown([0, 0.0004, 82 / 131, 1999 / 2000, 1]), ['0%', '< 0.1%', '62.5%', '99.9%', '100%']);
  assert.deepEqual(shown([0.7, 0.29, 0.57, 6999 / 10000, 13 / 15]), ['70%', '29%', '57%', '69.9%', '86.6%']);
  assert.deepEqual(shown([36 / 42, 0.75, 0.749], 0), ['85%', '75%', '74%']);
});

test('spans of time', () => {
  assert.deepEqual([45, 60, 75].map(formatMinutes), ['45 min', '1 h', '1 h 15']);
  assert.deepEqual([0, 61, 3661, -5].map(formatClock), ['0:00', '1:01', '1:01:01', '0:00']);
});

test('a code that is no longer listed shows itself', () => {
  const list = [{ code: '10', fr: 'Médecin', en: 'Physician' }];
  assert.equal(codeLabel(list, '10'), 'Physician');
  assert.equal(codeLabel(list, '99'), '99');
  assert.equal(codeLabel(undefined, '10'), '10');
});

test('a field says what the server found wrong with it', () => {
  language.value = 'fr';
  const refused = (reason: string) => new ApiError(422, 'request.invalid', 'last_name', reason);
  assert.equal(fieldText(refused('link')), 'Les adresses web et e-mail ne sont pas acceptées ici.');
  assert.equal(fieldText(refused('never heard')), 'Veuillez vérifier cette valeur.');
  assert.equal(fieldText(refused('constructor')), 'Veuillez vérifier cette valeur.');
  assert.equal(fieldText(new Error('internal text')), 'Veuillez vérifier cette valeur.');
});

test('an unknown error code and an unknown error get the general sentence', () => {
  assert.equal(codeText('never.heard'), codeText('other'));
  assert.equal(errorText(new Error('internal text')), codeText('other'));
  assert.equal(codeText('constructor'), codeText('other'));
  assert.notEqual(codeText('rate.limited'), codeText('other'));
});
