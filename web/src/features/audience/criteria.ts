// What criteria offer and say: the codes of each attribute, and its name in a sentence.
import { codeLabel } from '../../i18n';
import { common } from '../../i18n/common';
import { codeOptions, codes } from '../../state/codes';
import type { SearchOption } from '../../ui/search';
import { type Asked, type Criteria, MODES, type TargetProfile } from './api';
import { audienceTexts } from './texts';

export function complete(criteria: Criteria): boolean {
  return MODES.every((mode) => criteria[mode].every((criterion) => criterion.codes.length > 0));
}

/** "Profession", "Target profile". */
export function attributeName(attribute: Asked): string {
  const names: Readonly<Record<string, string>> = { ...common().attribute, ...audienceTexts().attributes };
  return names[attribute] ?? attribute;
}

/** What a line may choose from; `others` are the profiles that this one may build on. */
export function offered(
  attribute: Asked,
  others: readonly TargetProfile[],
  chosen: readonly string[],
): SearchOption[] {
  if (attribute !== 'target_profile') return codeOptions(attribute, { chosen });
  return others.map(({ id, name }) => ({ value: id, label: name, words: [name] }));
}

/** The name of a code, or of a profile. */
export function codeName(attribute: Asked, code: string, profiles: readonly TargetProfile[]): string {
  if (attribute !== 'target_profile') return codeLabel(codes.value?.[attribute], code);
  return profiles.find(({ id }) => id === code)?.name ?? common().notKnown;
}
