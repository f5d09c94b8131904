import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareAddress } from './address';

test('of a pasted address the name goes, of a half-typed one nothing', () => {
  for (const typed of [
    'Anne <anne@labo.fr>',
    ' "Martin, Anne" < anne@labo.fr >; ',
    '<anne@labo.fr>',
    'mailto:anne@labo.fr',
    'anne@labo.fr',
  ])
    assert.equal(bareAddress(typed), 'anne@labo.fr', typed);
  for (const typed of ['', 'ann', 'Anne <anne@labo', 'Anne <>', '<a@b.fr> <c@d.fr>'])
    assert.equal(bareAddress(typed), typed);
});
