// Rules of when a slide is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from './sync';

test('a slide is shown when its moment is heard', () => {
  assert.equal(waitFor(48_000, 24_000, 100), 500);
  assert.equal(waitFor(24_000, 48_000, 100), 0);
  assert.equal(waitFor(100, 2 ** 32 - 4700, 100), 100);
});

test('where nothing of that voice is heard it is shown at once', () => {
  assert.equal(waitFor(48_000, null, 100), 0);
});

test('it never waits longer than 2 s and the own delay', () => {
  assert.equal(waitFor(48_000 * 60, 0, 400), 2400);
  assert.equal(waitFor(48_000 * 60, 0, -5), 2000);
});
