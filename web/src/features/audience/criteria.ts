// What criteria offer and say: the codes of each attribute, and its name in a sentence.
import { codeLabel, language } from '../../i18n';
import { common } from '../../i18n/common';
import { codeOptions, codes } from '../../state/codes';
import type { SearchOption } from '../../ui/search';
import { type Asked, type Criteria, type ListName, MODES, type TargetProfile } from './api';
import { audienceTexts } from './texts';

export function complete(criteria: Criteria): boolean {
  return MODES.every((mode) => criteria[mode].every((criterion) => criterion.codes.length > 0));
}

/** "Profession", "Target profile". */
export function attributeName(attribute: Asked): string {
  const names: Readonly<Record<string, string>> = { ...common().attribute, ...audienceTexts().attributes };
  return names[attribute] ?? attribute;
}

/** What the organisation made, which criteria name by its id: target lists, and profiles. */
export type Things = Readonly<Record<'target_list' | 'target_profile', readonly ListName[]>>;

const isThing = (attribute: Asked): attribute is keyof Things =>
  attribute === 'target_list' || attribute === 'target_profile';

/** Of which there are the organisation's own codes alone. */
const ownAlone = (attribute: Asked) => attribute === 'segment' || attribute === 'tier' || attribute === 'therapeutic_interest';

/** The attributes of which there is anything to choose. */
export const available = (attribute: Asked, things: Things): boolean =>
  isThing(attribute) ? things[attribute].length > 0 : !ownAlone(attribute) || (codes.value?.[attribute] ?? []).length > 0;

/** Those that can be chosen, and those that a profile names already, by name. */
export function listsOf(all: readonly ListName[], profile: TargetProfile | null): ListName[] {
  const named = profile?.target_lists.filter(({ id }) => !all.some((list) => list.id === id)) ?? [];
  return [...all, ...named].sort((a, b) => a.name.localeCompare(b.name, language.value, { numeric: true }));
}

/** What a line may choose from. */
export function offered(attribute: Asked, things: Things, chosen: readonly string[]): SearchOption[] {
  if (!isThing(attribute)) return codeOptions(attribute, { chosen });
  return things[attribute].map(({ id, name }) => ({ value: id, label: name, words: [name] }));
}

/** The name of a code, of a list or of a profile. */
export function codeName(attribute: Asked, code: string, things: Things): string {
  if (!isThing(attribute)) return codeLabel(codes.value?.[attribute], code);
  return things[attribute].find(({ id }) => id === code)?.name ?? common().notKnown;
}
