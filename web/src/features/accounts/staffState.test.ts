import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staffState } from './staffState';

test('who was invited is active once they signed in', () => {
  const at = '2026-11-28T20:30:00.000Z';
  const state = (disabled: boolean, seen: boolean, until: string | null, now: string) =>
    staffState(
      { disabled_at: disabled ? at : null, last_sign_in_at: seen ? at : null, invited_until: until },
      Date.parse(now),
    );
  assert.equal(state(false, false, at, '2026-11-28T20:29:59Z'), 'invited');
  assert.equal(state(false, false, at, '2026-11-28T20:30:01Z'), 'expired');
  assert.equal(state(false, false, null, '2026-11-28T20:00:00Z'), 'expired');
  assert.equal(state(false, true, at, '2026-11-28T20:00:00Z'), 'active');
  assert.equal(state(false, true, null, '2026-11-28T20:00:00Z'), 'active');
  assert.equal(state(true, true, null, '2026-11-28T20:00:00Z'), 'disabled');
});
