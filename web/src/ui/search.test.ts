import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { find, folded, type SearchOption } from './search';

const options: SearchOption[] = [
  { value: 'gp', label: 'General practice', words: ['Médecine générale', 'généraliste', 'GP'] },
  { value: 'lung', label: 'Respiratory medicine', words: ['Pneumologie', 'pulmonology', 'poumon'] },
  { value: 'emergency', label: 'Emergency medicine', words: ['Médecine d’urgence', 'SAMU'] },
  { value: 'neuro', label: 'Neurology', words: ['Neurologie'] },
  { value: 'surgery', label: 'Paediatric surgery', words: ['Chirurgie pédiatrique', 'infantile'] },
  { value: 'eye', label: 'Ophthalmology', words: ['Ophtalmologie', 'œil'] },
];
const values = (text: string) => find(options, text).map(({ option }) => option.value);

test('case, accents, ligatures, apostrophes and hyphens do not count', () => {
  assert.equal(folded('  Médecine d’URGENCE-Œil '), 'medecine d urgence oeil');
  for (const text of ['médecine d’urgence', "MEDECINE D'URGENCE", 'medecine d urgence', 'Me\u0301decine d’urgence'])
    assert.deepEqual(values(text), ['emergency'], text);
  assert.deepEqual(values('oeil'), ['eye']);
  assert.deepEqual(values('ŒIL'), ['eye']);
});

test('letters that normalisation leaves alone, wide forms and invisible characters do not count either', () => {
  assert.equal(folded('Łódź Straße Sørensen Đà Nẵng IĞDIR ΟΔΟΣ οδος'), 'lodz strasse sorensen da nang igdir οδοσ οδοσ');
  assert.equal(folded('Ｐａｒｉｓ\u200b de\u00admain'), 'paris demain');
});

test('what is written apart is found together', () => {
  const places = [
    { value: 'ci', label: 'Côte d’Ivoire' },
    { value: 'va', label: 'Saint-Siège' },
  ];
  const found = (text: string) => find(places, text).map(({ option }) => option.value);
  for (const text of ['cote divoire', 'Cote d ivoire', "côte d'ivoire", 'divoire'])
    assert.deepEqual(found(text), ['ci'], text);
  assert.deepEqual(found('saintsiege'), ['va']);
});

test('an option is found by its name in the other language and by its other names, which it then shows', () => {
  assert.deepEqual(find(options, 'pneu'), [{ option: options[1], also: 'Pneumologie' }]);
  assert.deepEqual(values('généraliste'), ['gp']);
  assert.deepEqual(values('samu'), ['emergency']);
  assert.equal(find(options, 'neuro')[0]?.also, null, 'its own name needs no explanation');
});

test('what begins with the text comes first, then words in any order, then the middle of words', () => {
  assert.deepEqual(values('ped'), ['surgery']);
  assert.deepEqual(values('med'), ['lung', 'emergency', 'gp']);
  assert.deepEqual(values('surgery paed'), ['surgery']);
  assert.deepEqual(values('thalmo'), ['eye']);
  const short = [{ value: 'gastro', label: 'Entérologie' }, { value: 'ent', label: 'ORL', words: ['ENT'] }];
  assert.equal(find(short, 'ent')[0]?.option.value, 'ent', 'a whole name comes first');
  assert.deepEqual(values('urgence emergency'), ['emergency'], 'words of different names');
  assert.deepEqual(values('al'), [], 'two letters are in too many words');
});

test('nothing typed is everything in its order, nothing fitting is nothing', () => {
  assert.deepEqual(values(' - '), options.map(({ value }) => value));
  assert.deepEqual(values('xyz'), []);
});
