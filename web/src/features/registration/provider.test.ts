import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDraft } from './form';
import { backFrom, differsFromSaid, fillInSaid, keepDraft, takeDraft } from './provider';

const said = { provider: 'P', first_name: 'ANNE', last_name: 'LEFÈVRE', email: 'anne@example.org', rpps: '10000001916', profession: '10', specialty: 'SM26' };
const group = (code: string) => (code === 'SM26' ? 'SM54' : code);
const known = () => () => true;

test('only what the server sends is read from the fragment', () => {
  assert.equal(backFrom('#provider=good'), 'good');
  assert.equal(backFrom('#provider=refused'), 'refused');
  for (const other of ['', '#provider=', '#provider=evil', '#provider=good&x', '#x']) assert.equal(backFrom(other), null);
});

test('what is empty is filled in, and nothing that was typed is replaced', () => {
  const all = fillInSaid(emptyDraft, said, group, known);
  assert.deepEqual(all, { first_name: 'ANNE', last_name: 'LEFÈVRE', profession: '10', specialty: 'SM54', rpps: '10000001916', email: 'anne@example.org', category: 'hcp' });
  const typed = { ...emptyDraft, last_name: 'Durand', email: 'a@b.fr', rpps: '1', profession: '21' };
  assert.deepEqual(fillInSaid(typed, said, group, known), { first_name: 'ANNE', category: 'hcp' });
  const student = { ...emptyDraft, category: 'student' as const };
  assert.deepEqual(fillInSaid(student, said, group, known), { first_name: 'ANNE', last_name: 'LEFÈVRE', email: 'anne@example.org' });
});

test('what differs is named, and what was not said does not', () => {
  const same = { ...emptyDraft, first_name: 'Anne', last_name: 'Lefevre', rpps: '8 10000001916', profession: '10', specialty: 'SM54' };
  assert.deepEqual(differsFromSaid(same, said, group), []);
  const silent = { ...said, first_name: null, last_name: null, rpps: null, profession: null, specialty: null };
  assert.deepEqual(differsFromSaid({ ...same, last_name: 'X' }, silent, group), []);
  assert.deepEqual(differsFromSaid({ ...same, last_name: 'X', rpps: '10000001924', profession: '21' }, said, group), ['name', 'profession', 'rpps']);
});

test('what was typed is kept for one return', () => {
  const kept = new Map<string, string>();
  Object.assign(globalThis, {
    sessionStorage: { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => kept.set(k, v), removeItem: (k: string) => kept.delete(k) },
  });
  keepDraft('abc', { ...emptyDraft, email: 'a@b.fr' });
  assert.equal(takeDraft('other'), null);
  assert.equal(takeDraft('abc')?.email, 'a@b.fr');
  assert.equal(takeDraft('abc'), null);
});
