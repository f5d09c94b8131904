import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { judge, readCodes } from './ownCodes';

const bytes = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const read = (text: string) => {
  const file = readCodes(bytes(text));
  assert.ok(typeof file === 'object', String(file));
  return file;
};
const judged = (text: string) => judge(read(text), { list: 'segment', taken: (list, code) => list === 'specialty' && code === 'SM04' });

test('a file is read whatever its encoding, its separator and the order of its columns', () => {
  const wanted = [{ line: 2, list: null, code: 'A', fr: 'Très prioritaire', en: 'Priority' }];
  for (const file of [
    bytes('\uFEFFCode;Libellé français;Libellé anglais\r\nA;Très  prioritaire ;Priority\r\n'),
    latin('Libell\u00e9 anglais,code,FR\rPriority,A,Tr\u00e8s prioritaire'),
    new Uint8Array(Buffer.from('\uFEFFcode\ten\tfr\nA\tPriority\t"Très prioritaire"\n', 'utf16le')),
  ])
    assert.deepEqual(readCodes(file), { lines: wanted, listed: false });
});

test('cells between quotes hold separators, quotes and line breaks; lines count as in the file', () => {
  assert.deepEqual(read('code,fr\nA,"Un, ""deux""\ntrois"\n\nB,Quatre').lines.map(({ line, fr }) => [line, fr]), [[2, 'Un, "deux" trois'], [5, 'Quatre']]);
});

test('one language is enough', () => {
  assert.deepEqual(judged('code;fr;en\nA;;Priority\nB;Suivi;\n').good.map(({ fr, en }) => [fr, en]), [['Priority', 'Priority'], ['Suivi', 'Suivi']]);
});

test('lists go by their names in both languages', () => {
  const { good, refused } = judged('Liste;Code;Libellé\nSpécialité;B1;Un\nTherapeutic interest;B2;Deux\npractice_setting;B3;Trois\nPays;B4;Quatre\n');
  assert.deepEqual(good.map(({ list }) => list), ['specialty', 'therapeutic_interest', 'practice_setting']);
  assert.deepEqual(refused, [{ line: 5, said: 'Pays', fault: 'list' }]);
});

test('each line that is refused says why', () => {
  const long = 'x'.repeat(201);
  const { good, refused } = judged(`list;code;fr\nsegment;A;Un\nsegment;A;Deux\nspecialty;SM04;Cardio\nspecialty;A;Trois\nsegment;é;X\nsegment;B;\nsegment;C;${long}\nsegment;D;a\u202eb\n`);
  assert.deepEqual(good.map(({ list, fr }) => [list, fr]), [['segment', 'Un'], ['specialty', 'Trois']]);
  assert.deepEqual(refused.map(({ line, fault }) => [line, fault]), [[3, 'repeated'], [4, 'taken'], [6, 'code'], [7, 'label'], [8, 'long'], [9, 'hidden']]);
});

test('what is no such file is refused as a whole', () => {
  assert.equal(readCodes(bytes('')), 'empty');
  assert.equal(readCodes(bytes('code;fr\n \n')), 'empty');
  assert.equal(readCodes(bytes('A;Prioritaire\nB;Suivi\n')), 'header');
  assert.equal(readCodes(bytes('code;code;fr\nA;B;C\n')), 'twice');
  assert.equal(readCodes(bytes('PK\u0003\u0004\0\0')), 'binary');
  assert.equal(readCodes(bytes(`code;fr\n${'A;B\n'.repeat(2001)}`)), 'many');
  assert.equal(readCodes(new Uint8Array(2 * 1024 * 1024 + 1)), 'large');
});
