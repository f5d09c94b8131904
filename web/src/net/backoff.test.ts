import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelay } from './backoff';

test('tries spread by chance, but for the moment that a server chose', () => {
  assert.deepEqual([retryDelay(0, null, 0), retryDelay(0, null, 1)], [250, 750]);
  assert.deepEqual([retryDelay(9, null, 0), retryDelay(9, null, 1)], [5000, 15000]);
  assert.deepEqual([retryDelay(3, 1200, 0), retryDelay(3, 1200, 1)], [1200, 1200]);
});
