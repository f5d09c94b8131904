// Rules: a draft is kept for one person and session, comes back after a reload, and goes when it is
// emptied, when its time is over, and when somebody signs out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts, forgetDrafts, sweepDrafts } from './drafts';

class FakeStorage implements Storage {
  readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  key = (index: number) => [...this.map.keys()][index] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
  clear = () => this.map.clear();
}

const open = (storage: Storage | null, person = 'anne', session = 's') =>
  new Drafts(session, person, () => 1_000, storage);

test('a draft is there after a reload, for the same person and session only', () => {
  const storage = new FakeStorage();
  open(storage).set('question', 'Et après 75 ans ?');
  open(storage).set('choice', [2, 3]);
  assert.equal(open(storage).of('question', '').value, 'Et après 75 ans ?');
  assert.deepEqual(open(storage).of<readonly number[]>('choice', []).value, [2, 3]);
  assert.equal(open(storage, 'bruno').of('question', '').value, '');
  assert.equal(open(storage, 'anne', 'other').of('question', '').value, '');
});

test('emptied drafts leave nothing behind', () => {
  const storage = new FakeStorage();
  const drafts = open(storage);
  drafts.set('question', 'x');
  drafts.set('anonymous', true);
  assert.equal(drafts.begun, true);
  drafts.set('question', '');
  drafts.set('anonymous', false);
  assert.equal(drafts.begun, false);
  assert.equal(storage.length, 0);
});

test('drafts go at their time and when their writer signs out, other entries stay', () => {
  const storage = new FakeStorage();
  storage.setItem('amphi.language', 'fr');
  open(storage).set('question', 'x');
  sweepDrafts(storage, 999);
  assert.equal(open(storage).of('question', '').value, 'x');
  sweepDrafts(storage, 1_000);
  assert.equal(storage.length, 1);
  open(storage).set('question', 'x');
  open(storage, 'bruno').set('question', 'y');
  forgetDrafts('anne', storage);
  assert.deepEqual([...storage.map.keys()], ['amphi.language', 'amphi.draft.bruno.s']);
});

test('what does not have the expected type is no draft, and no storage is no failure', () => {
  const storage = new FakeStorage();
  storage.setItem('amphi.draft.anne.s', JSON.stringify({ until: 5_000, values: { question: 7, choice: ['a'] } }));
  assert.equal(open(storage).of('question', '').value, '');
  assert.deepEqual(open(storage).of<readonly number[]>('choice', []).value, []);
  storage.setItem('amphi.draft.anne.s', 'no JSON');
  assert.equal(open(storage).of('question', '').value, '');
  const none = open(null);
  none.set('question', 'x');
  assert.equal(none.of('question', '').value, 'x');
});
