import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { language } from '../i18n';
import { type CodeLists, codeOptions, codes, ownWords } from './codes';
import { withOwn } from './ownCodes';

const lists: CodeLists = {
  profession: [],
  specialty: [{ code: 'SM04', fr: 'Cardiologie', en: 'Cardiology', section: 'more', professions: ['10'] }],
  practice_setting: [],
  region: [],
  age_band: [],
  channel: [],
};

test('own codes stand after the common ones, in place of those of before', () => {
  language.value = 'en';
  const once = withOwn(lists, [
    { list: 'specialty', code: 'BE_C', fr: 'Cardiologue', en: 'Cardiologist' },
    { list: 'segment', code: 'A', fr: 'Prioritaire', en: 'Priority' },
  ]);
  codes.value = once;
  assert.deepEqual(codeOptions('specialty').map(({ label }) => label), ['Cardiology', 'Cardiologist']);
  assert.deepEqual(codeOptions('segment').map(({ label }) => label), ['Priority']);
  const twice = withOwn(once, [{ list: 'specialty', code: 'BE_N', fr: 'Neurologue', en: 'Neurologist' }]);
  assert.deepEqual(twice.specialty.map(({ code }) => code), ['SM04', 'BE_N']);
  assert.deepEqual(twice.segment, []);
});

test('a form that asks for a profession offers none of them', () => {
  codes.value = withOwn(lists, [{ list: 'specialty', code: 'BE_C', fr: 'Cardiologue', en: 'Cardiologist' }]);
  assert.deepEqual(codeOptions('specialty', { profession: '10' }).map(({ value }) => value), ['SM04']);
});

test('of somebody on a list the labels are said, and what has none as it is', () => {
  language.value = 'en';
  codes.value = withOwn(lists, [{ list: 'segment', code: 'A', fr: 'Prioritaire', en: 'Priority' }]);
  assert.equal(ownWords({ segment: 'A', tier: '1' }), 'Priority · 1');
  assert.equal(ownWords({ segment: null, tier: 'T' }), 'T');
  assert.equal(ownWords({ segment: null, tier: null }), '');
});
