import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeTarget } from './target';

test('after sign-in only a path of this site is gone to', () => {
  const target = (to: string) => safeTarget(`?to=${encodeURIComponent(to)}`);
  assert.equal(target('/sessions/1?x=2'), '/sessions/1?x=2');
  for (const to of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '',
    '/sign-in',
    'x',
  ])
    assert.equal(target(to), '/congresses');
});
