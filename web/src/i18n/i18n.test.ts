// Rules: every dictionary says the same things in both languages, and dates are those of a zone.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import '../features/accounts/texts';
import '../features/audience/texts';
import '../features/audit/texts';
import '../features/congress/texts';
import '../features/host/texts';
import '../features/live/texts';
import '../features/participation/texts';
import '../features/polls/adminTexts';
import '../features/polls/texts';
import '../features/questions/texts';
import '../features/registration/staffTexts';
import '../features/registration/texts';
import '../features/slides/deckTexts';
import '../features/slides/texts';
import '../ui/texts';
import { codeText, errorText } from './common';
import {
  codeLabel,
  dictionaries,
  formatBytes,
  formatClock,
  formatDateTime,
  formatMinutes,
  formatRate,
  formatRelative,
  language,
  plural,
} from './index';

const source = join(process.env.AMPHI_ROOT ?? '..', 'web/src');

function definitions(folder: string): number {
  let count = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) count += definitions(path);
    else if (/\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name))
      count += readFileSync(path, 'utf8').match(/= defineTexts\(/g)?.length ?? 0;
  }
  return count;
}

function compare(en: unknown, fr: unknown, path: string): void {
  assert.equal(typeof fr, typeof en, path);
  if (typeof en === 'string') {
    assert.ok(en.trim() && (fr as string).trim(), `${path} is empty`);
  } else if (typeof en === 'function') {
    assert.equal((fr as typeof en).length, en.length, `${path} takes other arguments`);
  } else {
    const [a, b] = [en, fr] as Record<string, unknown>[];
    assert.deepEqual(Object.keys(b ?? {}).sort(), Object.keys(a ?? {}).sort(), path);
    for (const key of Object.keys(a ?? {})) compare(a?.[key], b?.[key], `${path}.${key}`);
  }
}

test('every dictionary of the source is looked at here', () => {
  assert.equal(dictionaries.length, definitions(source));
});

test('both languages have the same keys, and no text is empty', () => {
  dictionaries.forEach(({ en, fr }, index) => compare(en, fr, `dictionary ${index}`));
});

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
  assert.equal(
    formatRelative('2026-01-04T00:00:00Z', Date.parse('2026-01-01T00:00:00Z')),
    'dans 3 jours',
  );
  language.value = 'en';
  assert.equal(plural(0, { one: '# place', other: '# places' }), '0 places');
  assert.equal(
    plain(formatDateTime('2026-03-29T16:30:00Z', 'Indian/Reunion')),
    '29 Mar 2026, 20:30',
  );
  assert.equal(
    formatRelative('2026-01-01T00:00:00Z', Date.parse('2026-01-01T02:00:00Z')),
    '2 hours ago',
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
  assert.notEqual(codeText('poll.closed'), codeText('other'));
});
