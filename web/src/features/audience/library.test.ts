import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LibraryProfile } from './api';
import { below, removedLists, searched } from './library';

const profile = (name: string, on: string[] = [], lists: LibraryProfile['target_lists'] = []): LibraryProfile => ({
  id: name,
  name,
  criteria: { all_of: [], any_of: [], none_of: on.map((id) => ({ attribute: 'target_profile', codes: [id] })) },
  universe: null,
  universe_source: null,
  universe_from: 'given',
  universe_list: null,
  kept_at: '2026-11-28T10:00:00Z',
  target_lists: lists,
});
const names = (profiles: readonly LibraryProfile[]) => profiles.map(({ name }) => name);

const gone = { id: 'x', name: 'Gone', removed: true };
const base = profile('Base', [], [gone, { id: 'y', name: 'There', removed: false }]);
const left = profile('Left', ['Base'], [gone]);
const top = profile('Top', ['Left', 'Base', 'nobody knows']);
const all = [base, left, top, profile('Médecins d’urgence')];

test('what a profile builds on is found through others, each once, and what is not there is passed over', () => {
  assert.deepEqual(names(below(top, all)), ['Base', 'Left']);
  assert.deepEqual(below(base, all), []);
  const round = [profile('A', ['B']), profile('B', ['A'])];
  assert.deepEqual(names(below(round[0] as LibraryProfile, round)), ['A', 'B']);
});

test('a list that was removed keeps from being copied whatever builds on who asks for it', () => {
  assert.deepEqual(removedLists(top, all), ['Gone']);
  assert.deepEqual(removedLists(profile('Free'), all), []);
});

test('profiles are found by words of their names, with or without accents', () => {
  assert.deepEqual(names(searched(all, 'URGENCE medecins')), ['Médecins d’urgence']);
  assert.equal(searched(all, '').length, all.length);
  assert.deepEqual(searched(all, 'urgence nobody'), []);
});
