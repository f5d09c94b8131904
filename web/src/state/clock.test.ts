// Rules: what pages count by is the server's time from the moment it is known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { second, setServerTime } from './clock';

test('a browser’s wrong clock counts no longer once the server has greeted', () => {
  const real = Date.now;
  Date.now = () => Date.parse('2001-01-01T00:00:00Z');
  try {
    const now = '2026-12-01T18:29:50.000Z';
    setServerTime(now);
    assert.equal(new Date(second.value).toISOString(), now);
  } finally {
    Date.now = real;
  }
});
