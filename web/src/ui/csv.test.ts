import assert from 'node:assert/strict';
import { test } from 'node:test';
import { language } from '../i18n';
import { csv } from './csv';

test('a table as a file: the separator of the language, quotes where needed, never a formula', () => {
  language.value = 'en';
  assert.equal(csv([['Profile', 'n'], ['a, "b"', 3], ['=1+1', null]]), 'Profile,n\r\n"a, ""b""",3\r\n\'=1+1,\r\n');
  language.value = 'fr';
  assert.equal(csv([['Profil', 'n'], ['@x', 3]]), "Profil;n\r\n'@x;3\r\n");
});
