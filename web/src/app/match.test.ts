import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchPath } from './match';

test('segments must match, names take one segment, optional names one or none', () => {
  assert.deepEqual(matchPath('/congresses', '/congresses'), {});
  assert.deepEqual(matchPath('/congresses/1/', '/congresses/:id/:tab?'), { id: '1' });
  assert.deepEqual(matchPath('/congresses/1/links', '/congresses/:id/:tab?'), {
    id: '1',
    tab: 'links',
  });
  assert.equal(matchPath('/congresses/1/links/2', '/congresses/:id/:tab?'), null);
  assert.equal(matchPath('/team', '/congresses'), null);
  assert.equal(matchPath('/r', '/r/:code'), null);
});

test('a value is decoded, and an invalid escape is no page', () => {
  assert.deepEqual(matchPath('/r/a%20b', '/r/:code'), { code: 'a b' });
  assert.equal(matchPath('/r/%E0%A4', '/r/:code'), null);
});
