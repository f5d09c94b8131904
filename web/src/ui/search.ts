// Finding options by what somebody types: in any case, with or without accents, by their other names.
import type { Option } from './Field';

export interface SearchOption extends Option {
  /** The heading that it stands under while nothing is searched. */
  group?: string | undefined;
  /** What else it is found by: its name in the other language, synonyms. */
  words?: readonly string[];
}

export interface Found {
  option: SearchOption;
  /** The other name by which it was found. */
  also: string | null;
}

/** Letters that normalisation leaves alone, as the search of registrations takes them (migration 0043). */
const LETTERS: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
};

/** Small letters and digits without accents, in words: "Médecine d’urgence" becomes "medecine d urgence". */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{Mn}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[œæßøłđðħŧıς]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const INSIDE_FROM = 3; // shorter texts are in too many words

enum Rank {
  Whole,
  Begins,
  Words,
  Inside,
  Not,
}

/** How well a name fits what was typed; both folded. */
function rank(typed: string, name: string): Rank {
  if (name === typed) return Rank.Whole;
  if (name.startsWith(typed)) return Rank.Begins;
  const words = typed.split(' ');
  if (words.every((word) => ` ${name}`.includes(` ${word}`))) return Rank.Words;
  if (typed.length < INSIDE_FROM) return Rank.Not;
  const together = (text: string) => text.replaceAll(' ', '');
  return words.every((word) => name.includes(word)) || together(name).includes(together(typed))
    ? Rank.Inside
    : Rank.Not;
}

/** The best of an option's names; `order` is lower for what fits better. Beginning like what was typed
 * counts for the own name only. */
function match(typed: string, option: SearchOption): Found & { order: number } {
  const own = rank(typed, folded(option.label));
  let best = { option, also: null as string | null, order: own * 2 };
  for (const word of option.words ?? []) {
    const found = rank(typed, folded(word));
    const order = (found === Rank.Begins ? Rank.Words : found) * 2 + 1;
    if (order < best.order) best = { option, also: word, order };
  }
  if (best.order < Rank.Not * 2) return best;
  const everything = folded([option.label, ...(option.words ?? [])].join(' '));
  return rank(typed, everything) === Rank.Words ? { ...best, order: Rank.Not * 2 - 1 } : best;
}

/** The options that fit, the best first; all of them in their order when nothing is typed. */
export function find(options: readonly SearchOption[], text: string): Found[] {
  const typed = folded(text);
  if (!typed) return options.map((option) => ({ option, also: null }));
  return options
    .map((option) => match(typed, option))
    .filter(({ order }) => order < Rank.Not * 2)
    .sort((a, b) => a.order - b.order)
    .map(({ option, also }) => ({ option, also }));
}
