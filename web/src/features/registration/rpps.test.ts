import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, fillIn, rppsFault, rppsOf } from './rpps';

const anne = { rpps: '10000001916', first_name: 'Anne Marie', last_name: 'Hébert', profession: '10', specialty: 'SM26', region: '53' };
const empty = { first_name: '', last_name: '', profession: '', specialty: '', region: '' };
const group = (code: string) => (code === 'SM26' ? 'SM54' : code);

test('a number is read as people write it', () => {
  for (const typed of ['10000001916', ' 1000 0001 916 ', '810000001916']) assert.equal(rppsOf(typed), '10000001916');
  for (const typed of ['699300018', '0699300018', '2a9300018']) assert.match(rppsOf(typed), /^[\dAB]{9}$/);
  for (const typed of ['1', '1A9300018', '00000000000', '1000000191O']) assert.equal(rppsOf(typed), '');
});

test('a wrong number is refused for what is wrong with it', () => {
  assert.equal(rppsFault('', true), null);
  assert.equal(rppsFault('10000001916', true), null);
  assert.equal(rppsFault('10000001917', true), 'badRppsDigit');
  assert.equal(rppsFault('10003461033', false), null);
  assert.equal(rppsFault('123', false), 'badRpps');
  assert.equal(rppsFault('699300018', true), null);
});

test('the register fills in what is empty, and replaces nothing', () => {
  const all = () => true;
  assert.deepEqual(fillIn(empty, anne, all), { first_name: 'Anne Marie', last_name: 'Hébert', profession: '10', specialty: 'SM26', region: '53' });
  assert.deepEqual(fillIn({ ...empty, last_name: 'Martin', profession: '60' }, anne, all), { first_name: 'Anne Marie', region: '53' });
  assert.deepEqual(fillIn(empty, anne, (list) => list === 'region'), { first_name: 'Anne Marie', last_name: 'Hébert', region: '53' });
});

test('what differs is named; accents, capitals and further first names make no difference', () => {
  const same = { first_name: 'anne', last_name: 'HEBERT', profession: '10', specialty: 'SM54', region: '' };
  assert.deepEqual(differences(empty, anne, group), []);
  assert.deepEqual(differences(same, anne, group), []);
  assert.deepEqual(differences({ ...same, last_name: 'Martin', profession: '60', specialty: 'SI01' }, anne, group), ['name', 'profession', 'specialty']);
});
