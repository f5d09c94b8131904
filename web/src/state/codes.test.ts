import { strict as assert } from 'node:assert';
import { afterEach, beforeEach, test } from 'node:test';
import { language } from '../i18n';
import type { Codes, Countries } from '../net/types';
import { codeOptions, codes, listed, withCountries } from './codes';

const doctors = ['10', 'intern'];
const lists: Codes = {
  profession: [
    { section: 'usual', codes: [{ code: '21', fr: 'Pharmacien', en: 'Pharmacist' }, { code: '10', fr: 'Médecin', en: 'Physician' }] },
    { section: 'more', codes: [{ code: '94', fr: 'Ergothérapeute', en: 'Occupational therapist' }, { code: '85', fr: 'Épithésiste', en: 'Epithesis maker' }] },
    { section: 'last', codes: [{ code: 'other', fr: 'Autre profession', en: 'Other profession' }] },
  ],
  specialty: [
    { section: 'usual', codes: [{ code: 'SM54', fr: 'Médecine générale', en: 'General practice', professions: doctors }] },
    {
      section: 'more',
      codes: [
        { code: 'SM41', fr: 'Pneumologie', en: 'Respiratory medicine', professions: doctors, synonyms: ['pulmonology'] },
        { code: 'SM03', fr: 'Biologie médicale', en: 'Laboratory medicine', professions: ['10', '21'] },
        { code: 'SM63', fr: 'Biologie générale', en: 'General biology', professions: ['10', '21'], grouped_as: 'SM03' },
        { code: 'SM26', fr: 'Médecine générale (qualifié)', professions: doctors, grouped_as: 'SM54' },
        { code: 'SI01', fr: 'Pratique avancée', en: 'Advanced practice', professions: ['60'] },
        { code: 'SP01', fr: 'Radiopharmacie', professions: ['21'], active: false },
      ],
    },
  ],
  practice_setting: [],
  region: [
    { section: 'france', codes: [{ code: '76', fr: 'Occitanie' }, { code: '11', fr: 'Île-de-France' }] },
  ],
  age_band: [],
  channel: [],
};
const countries: Countries['region'] = [
  { section: 'abroad', codes: [{ code: 'CH', fr: 'Suisse', en: 'Switzerland' }, { code: 'DE', fr: 'Allemagne', en: 'Germany' }, { code: 'US', fr: 'États-Unis', en: 'United States' }] },
];
const labels = (...of: Parameters<typeof codeOptions>) => codeOptions(...of).map(({ label }) => label);

beforeEach(() => {
  codes.value = withCountries(listed(lists), countries);
  language.value = 'fr';
});
afterEach(() => {
  codes.value = null;
});

test('usual ones in their order, the rest by name as the language sorts it, "other" at the end', () => {
  assert.deepEqual(labels('profession'), ['Pharmacien', 'Médecin', 'Épithésiste', 'Ergothérapeute', 'Autre profession']);
  assert.deepEqual(labels('region'), ['Île-de-France', 'Occitanie', 'Allemagne', 'États-Unis', 'Suisse']);
  language.value = 'en';
  assert.deepEqual(labels('profession'), ['Pharmacist', 'Physician', 'Epithesis maker', 'Occupational therapist', 'Other profession']);
  assert.deepEqual(labels('region'), ['Île-de-France', 'Occitanie', 'Germany', 'Switzerland', 'United States']);
});

test('a profession is offered its own specialties, each once, none that has ended', () => {
  assert.deepEqual(labels('specialty', { profession: '10' }), ['Médecine générale', 'Biologie médicale', 'Pneumologie']);
  assert.deepEqual(labels('specialty', { profession: '21' }), ['Biologie médicale']);
  assert.deepEqual(labels('specialty', { profession: '60' }), ['Pratique avancée']);
  assert.deepEqual(labels('specialty', { profession: '50' }), []);
  assert.deepEqual(labels('specialty', { profession: '' }), []);
  assert.equal(labels('specialty').length, 4);
});

test('what was chosen before keeps its name', () => {
  assert.ok(labels('specialty', { chosen: ['SP01', 'SM26'] }).includes('Radiopharmacie'));
  assert.ok(labels('specialty', { chosen: ['SP01', 'SM26'] }).includes('Médecine générale (qualifié)'));
});

test('an option is found by both languages, synonyms, and the codes that it stands for', () => {
  const found = codeOptions('specialty', { profession: '10' });
  assert.deepEqual(found.find(({ value }) => value === 'SM41')?.words, ['Pneumologie', 'Respiratory medicine', 'pulmonology']);
  assert.deepEqual(found.find(({ value }) => value === 'SM03')?.words, ['Biologie médicale', 'Laboratory medicine', 'Biologie générale', 'General biology']);
});

test('sections have headings where they need them', () => {
  assert.deepEqual(codeOptions('region').map(({ group }) => group), ['Régions de France', 'Régions de France', 'Autres pays', 'Autres pays', 'Autres pays']);
  assert.deepEqual([...new Set(codeOptions('specialty').map(({ group }) => group))], [undefined]);
  assert.deepEqual(codeOptions('profession').map(({ group }) => group), [undefined, undefined, 'Autres professions', 'Autres professions', undefined]);
});

test('without the countries there are the regions', () => {
  codes.value = listed(lists);
  assert.deepEqual(labels('region'), ['Île-de-France', 'Occitanie']);
});
