// A question of the organiser's own while it is written: its rules, without its looks.
import { editorTexts } from './editorTexts';
import { FIRST_LENGTH, type FormQuestion, keyOf, typedNumber } from './formQuestions';

/** Numbers as they are typed. */
export interface Draft extends Omit<FormQuestion, 'minimum' | 'maximum' | 'max_length'> {
  least: string;
  most: string;
  length: string;
}

export const emptyQuestion: FormQuestion = { key: '', kind: 'choice', label_fr: '', label_en: '', help_fr: '', help_en: '', required: false, hidden: false, limited: false, profiles: [] };

export function draftOf({ minimum, maximum, max_length, ...rest }: FormQuestion): Draft {
  const number = (value: number | null | undefined) => (typeof value === 'number' ? String(value) : '');
  return { ...rest, least: number(minimum), most: number(maximum), length: String(max_length ?? FIRST_LENGTH) };
}

/** As it is kept: what goes with its kind, and a key for what has none. */
export function written(draft: Draft, taken: readonly string[]): FormQuestion {
  const { least, most, length, several, options = [], whole, ...rest } = draft;
  const trimmed = { label_fr: rest.label_fr.trim(), label_en: rest.label_en.trim(), help_fr: rest.help_fr.trim(), help_en: rest.help_en.trim() };
  const question = { ...rest, ...trimmed, key: rest.key || keyOf(trimmed.label_en, taken), profiles: rest.limited ? rest.profiles : [] };
  if (rest.kind === 'text') return { ...question, max_length: typedNumber(length) };
  if (rest.kind === 'number') return { ...question, minimum: least ? typedNumber(least) : null, maximum: most ? typedNumber(most) : null, whole: whole ?? false };
  const keys = options.map(({ key }) => key).filter(Boolean);
  const kept = options.map((option) => {
    const key = option.key || keyOf(option.text_en, keys);
    if (!option.key) keys.push(key);
    return { ...option, key, text_fr: option.text_fr.trim(), text_en: option.text_en.trim() };
  });
  return { ...question, several: several ?? false, options: kept };
}

/** What is wrong that the browser does not see, by the part that shows it. */
export function faultsOf({ kind, least, most, options = [], limited, profiles }: Draft): Record<string, string> {
  const t = editorTexts();
  const found: Record<string, string> = {};
  const low = least ? typedNumber(least) : -Infinity;
  const high = most ? typedNumber(most) : Infinity;
  if (kind === 'number') {
    if (Number.isNaN(low)) found.least = t.badNumber;
    if (Number.isNaN(high)) found.most = t.badNumber;
    if (low > high) found.most = t.badRange;
  }
  if (kind === 'choice' && !options.some(({ hidden }) => !hidden)) found.options = t.noOption;
  if (limited && profiles.length === 0) found.profiles = t.chooseProfile;
  return found;
}

/** Of each part of the dialog. */
export interface PartProps {
  draft: Draft;
  change: (fields: Partial<Draft>) => void;
  fault: (name: string) => string | null;
}
