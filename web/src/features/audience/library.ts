// What the profiles of a library say of each other, and which of them somebody searches.
import { folded } from '../../ui/search';
import type { Criteria, LibraryProfile } from './api';
import { MODES } from './api';

interface Built {
  id: string;
  criteria: Criteria;
}

/** What a profile builds on, directly and through others, in the order of `all`. */
export function below<T extends Built>(profile: T, all: readonly T[]): T[] {
  const found = new Set<string>();
  const follow = ({ criteria }: Built): void => {
    const named = MODES.flatMap((mode) => criteria[mode].filter(({ attribute }) => attribute === 'target_profile'));
    for (const id of named.flatMap(({ codes }) => codes)) {
      const next = found.has(id) ? undefined : all.find((one) => one.id === id);
      found.add(id);
      if (next) follow(next);
    }
  };
  follow(profile);
  return all.filter(({ id }) => found.has(id));
}

/** The lists for whose sake it cannot be copied, by name. */
export function removedLists(profile: LibraryProfile, all: readonly LibraryProfile[]): string[] {
  const lists = [profile, ...below(profile, all)].flatMap(({ target_lists }) => target_lists);
  return [...new Set(lists.filter(({ removed }) => removed).map(({ name }) => name))];
}

/** Those whose names have all words that were typed. */
export function searched(all: readonly LibraryProfile[], typed: string): LibraryProfile[] {
  const words = folded(typed).split(' ');
  return all.filter(({ name }) => words.every((word) => folded(name).includes(word)));
}
