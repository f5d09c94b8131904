import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { setLanguage } from '../i18n';
import { type Checked, faultOf, faultsOf } from './validity';

const control = (wrong: string | null, rest: Partial<Checked> = {}): Checked => ({
  id: 'a',
  type: 'text',
  willValidate: true,
  validity: { valid: wrong === null, ...(wrong ? { [wrong]: true } : {}) } as ValidityState,
  ...rest,
});

test('each fault has words of its own, in the language of the page', () => {
  setLanguage('en', false);
  assert.equal(faultOf(control(null)), null);
  assert.equal(faultOf(control('valueMissing')), 'Please fill this in.');
  assert.equal(faultOf(control('valueMissing', { type: 'select-one' })), 'Please choose from the list.');
  assert.equal(faultOf(control('valueMissing', { role: 'combobox' })), 'Please choose from the list.');
  assert.equal(faultOf(control('valueMissing', { type: 'checkbox' })), 'Please tick this box to go on.');
  assert.equal(faultOf(control('badInput', { type: 'number' })), 'Please enter a number.');
  assert.equal(faultOf(control('badInput', { type: 'time' })), 'Please enter a complete time.');
  assert.equal(faultOf(control('rangeOverflow', { type: 'number', max: '1440' })), '1,440 at most.');
  assert.equal(faultOf(control('stepMismatch', { type: 'number' })), 'Please enter a whole number.');
  setLanguage('fr', false);
  assert.equal(faultOf(control('typeMismatch', { type: 'email' })), 'Veuillez saisir une adresse e-mail valable.');
  assert.equal(faultOf(control('rangeUnderflow', { type: 'number', min: '5' })), 'Au moins 5.');
});

test('what the browser does not check is not at fault; of those that were, only they are looked at again', () => {
  const wrong = [control('valueMissing'), control('valueMissing', { id: 'b' }), control('valueMissing', { id: 'c', willValidate: false })];
  const all = faultsOf(wrong);
  assert.deepEqual([...all.keys()], ['a', 'b']);
  assert.deepEqual([...faultsOf([control(null), ...wrong.slice(1)], new Map([['a', 'x']])).keys()], []);
});
