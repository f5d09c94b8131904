// The code lists as staff know them: with the codes that their organisation added.
import { get } from '../net/api';
import type { List, OwnCode } from '../net/types';
import { type CodeLists, codes, loadCodes, loadCountries, loadMoreCodes } from './codes';
import { staff } from './me';

/** The organisation's own after the common ones, in place of those of before. */
export function withOwn(lists: CodeLists, own: readonly OwnCode[]): CodeLists {
  const all = { ...lists };
  for (const name of new Set([...(Object.keys(lists) as (keyof CodeLists)[]), ...own.map(({ list }) => list)])) {
    const common = (lists[name] ?? []).filter(({ section }) => section !== 'own');
    const added = own.filter(({ list }) => list === name);
    all[name] = [...common, ...added.map(({ code, fr, en }) => ({ code, fr, en, section: 'own' as const }))];
  }
  return all;
}

/** Asked for once a page, and again when they have changed or somebody of another organisation has signed in. */
let known: { of: string | undefined; own: Promise<OwnCode[]> } | null = null;

function ownCodes(): Promise<OwnCode[]> {
  const of = staff.value?.organisation.id;
  if (known?.of === of && known) return known.own;
  const own = get<List<OwnCode>>('/api/organisation/codes').then(({ items }) => items);
  own.catch(() => (known = null));
  known = { of, own };
  return own;
}

/** With the countries, for pages that show where people are from; `more`: also the lists that only criteria name. */
export async function loadAllCodes(more = false): Promise<void> {
  const [lists, own] = await Promise.all([loadCodes(), ownCodes(), loadCountries(), more && loadMoreCodes()]);
  codes.value = withOwn(codes.value ?? lists, own);
}

/** The same, with the organisation's own as they are now, which it answers. */
export async function reloadOwnCodes(): Promise<OwnCode[]> {
  known = null;
  await loadAllCodes(true);
  return ownCodes();
}
