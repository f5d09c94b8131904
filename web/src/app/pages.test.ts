// Rule: whoever opens a congress or a session, whose tabs are several features', is told in words what any of these features refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeText } from '../i18n/errors';
import { features } from './features';
import { pages } from './pages';

test('the pages of tabs bring the sentences for what their tabs meet', async () => {
  const later = await Promise.all(features.flatMap(({ laterErrors }) => laterErrors?.() ?? []));
  const codes = later.flatMap((module) => Object.keys(module.default()));
  assert.ok(codes.includes('profile.name'));
  for (const code of codes) assert.equal(codeText(code), codeText('other'), `${code} comes later`);
  await pages.find(({ path }) => path.startsWith('/congresses/:id'))?.load();
  for (const code of codes) assert.notEqual(codeText(code), codeText('other'), code);
});
