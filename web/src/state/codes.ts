// The code lists (professions, specialties, …), fetched once a page. The many countries among the regions only
// where they are needed.
import { signal } from '@preact/signals';
import { codeLabel, compareNames, defineTexts } from '../i18n';
import { get } from '../net/api';
import type { Attribute, Code, Codes, CodeSection, Countries, MoreCodes, MoreList, OwnList } from '../net/types';

export type ListedCode = Code & { section: CodeSection };
export type CodeLists = Record<keyof Codes, ListedCode[]> & Partial<Record<MoreList | OwnList, ListedCode[]>>;

const sectionTexts = defineTexts(
  {
    more: { profession: 'Other professions', practice_setting: 'Other settings' },
    usual: { practice_setting: 'Most common' },
    france: { region: 'Regions of France', department: 'Metropolitan France' },
    overseas: 'French overseas territories',
    abroad: 'Other countries',
    own: 'Of your organisation',
  },
  {
    more: { profession: 'Autres professions', practice_setting: 'Autres lieux d’exercice' },
    usual: { practice_setting: 'Les plus fréquents' },
    france: { region: 'Régions de France', department: 'France métropolitaine' },
    overseas: 'Outre-mer',
    abroad: 'Autres pays',
    own: 'De votre organisation',
  },
);

export const codes = signal<CodeLists | null>(null);

type AnyList = Attribute | MoreList | OwnList;

const flat = (sections: Codes[Attribute]): ListedCode[] =>
  sections.flatMap((part) => part.codes.map((code) => ({ ...code, section: part.section })));

/** The lists without their sections, each code naming its own. */
export function listed<List extends string>(found: Record<List, Codes[Attribute]>) {
  const lists = Object.entries<Codes[Attribute]>(found).map(([list, sections]) => [list, flat(sections)]);
  return Object.fromEntries(lists) as Record<List, ListedCode[]>;
}

/** Starts it once, and again after it failed. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | null = null;
  return () => {
    asking ??= ask().catch((error: unknown) => {
      asking = null;
      throw error;
    });
    return asking;
  };
}

export const loadCodes = once(async () => {
  const found: CodeLists = listed(await get<Codes>('/api/codes'));
  codes.value = found;
  return found;
});

export const loadCountries = once(async () => {
  const [lists, { region }] = await Promise.all([loadCodes(), get<Countries>('/api/codes/countries')]);
  codes.value = withCountries(codes.value ?? lists, region);
});

/** The lists that criteria name beside those of the form. */
export const loadMoreCodes = once(async () => {
  const [lists, more] = await Promise.all([loadCodes(), get<MoreCodes>('/api/codes/more')]);
  codes.value = { ...(codes.value ?? lists), ...listed(more) };
});

/** The countries after the regions. */
export const withCountries = (lists: CodeLists, region: Countries['region']): CodeLists => ({
  ...lists,
  region: [...lists.region, ...flat(region)],
});

export interface CodeOption {
  value: string;
  label: string;
  /** The heading that it stands under. */
  group: string | undefined;
  /** What else it is found by. */
  words: string[];
}

interface Offer {
  /** Only specialties of this profession. */
  profession?: string;
  /** Codes that were chosen before: they stay to be seen, even where they are not offered any more. */
  chosen?: readonly string[];
}

function heading(list: AnyList, section: CodeSection): string | undefined {
  const t = sectionTexts();
  if (section === 'last') return undefined;
  const text: string | Readonly<Record<string, string>> = t[section];
  return typeof text === 'string' ? text : text[list];
}

/** In the order of the sections, which stand together; by name in all but the usual ones. */
function sorted(options: (CodeOption & { section: CodeSection })[]): CodeOption[] {
  const order = [...new Set(options.map((option) => option.section))];
  return options.sort(
    (a, b) =>
      order.indexOf(a.section) - order.indexOf(b.section) ||
      (a.section === 'usual' ? 0 : compareNames(a.label, b.label)),
  );
}

/** A département is known by its number, too. */
const labelled = (list: AnyList, all: ListedCode[], code: string) =>
  list === 'department' ? `${codeLabel(all, code)} (${code})` : codeLabel(all, code);

/** The codes to choose from. Where several mean the same, only the one that stands for them. */
export function codeOptions(list: AnyList, { profession, chosen = [] }: Offer = {}): CodeOption[] {
  const all = codes.value?.[list] ?? [];
  const offered = (code: Code) =>
    (code.active !== false &&
      !code.grouped_as &&
      (profession === undefined || code.professions?.includes(profession))) ||
    chosen.includes(code.code);
  const option = (code: ListedCode) => ({
    value: code.code,
    label: labelled(list, all, code.code),
    group: heading(list, code.section),
    section: code.section,
    words: all
      .filter((other) => other === code || other.grouped_as === code.code)
      .flatMap(({ fr, en, synonyms }) => [fr, ...(en ? [en] : []), ...(synonyms ?? [])]),
  });
  return sorted(all.filter(offered).map(option));
}

/** "Priority · Tier 1" of somebody on a list: labels where there are codes, else what the list says. */
export function ownWords(of: { segment: string | null; tier: string | null }): string {
  const said = (['segment', 'tier'] as const).map((list) => of[list] && codeLabel(codes.value?.[list], of[list]));
  return said.filter(Boolean).join(' · ');
}
