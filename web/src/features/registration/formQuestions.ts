// The organiser's own questions on the registration form: their types and rules, without their looks.
import { formatNumber } from '../../i18n';
import type { Language } from '../../net/types';
import { questionTexts } from './questionTexts';

export interface Choosable {
  key: string;
  text_fr: string;
  text_en: string;
}

/** As a form asks it. */
export interface AskedQuestion {
  key: string;
  kind: 'text' | 'choice' | 'number';
  label_fr: string;
  label_en: string;
  help_fr: string;
  help_en: string;
  required: boolean;
  /** Of a text. */
  max_length?: number;
  /** Of a choice: more than one may be chosen. */
  several?: boolean;
  options?: Choosable[];
  /** Of a number. */
  minimum?: number | null;
  maximum?: number | null;
  whole?: boolean;
}

export type Answer = string | number | string[];
export type Answers = Record<string, Answer>;
export type Answered = AskedQuestion & { answer: Answer | null };

/** As organisers have it. */
export interface FormOption extends Choosable {
  hidden: boolean;
  answers?: number;
}
export interface FormQuestion extends AskedQuestion {
  options?: FormOption[];
  /** Not asked any more. */
  hidden: boolean;
  /** Asked only of whom one of the profiles accepts. */
  limited: boolean;
  profiles: string[];
  /** How many answered it. */
  answers?: number;
}
export interface FormQuestions {
  version: number;
  questions: FormQuestion[];
  profiles: { id: string; name: string; asks_list: boolean }[];
}

export const MOST_ASKED = 20;
export const MOST_KEPT = 40;
export const MOST_OPTIONS = 30;
export const LONGEST_TEXT = 1000;
export const FIRST_LENGTH = 300;

export const labelOf = (q: AskedQuestion, language: Language) => (language === 'fr' ? q.label_fr : q.label_en);
export const helpOf = (q: AskedQuestion, language: Language) => (language === 'fr' ? q.help_fr : q.help_en);
export const optionOf = (o: Choosable, language: Language) => (language === 'fr' ? o.text_fr : o.text_en);

// --- answers, as they are typed ---

/** A text or a number as it is typed, the keys of options; by the key of the question. */
export type Typed = Record<string, string | string[]>;

export const typedText = (typed: Typed, key: string) => {
  const value = typed[key];
  return typeof value === 'string' ? value : '';
};
export const typedKeys = (typed: Typed, key: string) => {
  const value = typed[key];
  return Array.isArray(value) ? value : [];
};

/** In either language's way; NaN: it is none. */
export function typedNumber(text: string): number {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.').replace('\u2212', '-');
  return /^[+-]?\d+(\.\d*)?$/.test(plain) ? Number(plain) : NaN;
}

function numberFault({ minimum, maximum, whole }: AskedQuestion, value: number): string | null {
  const t = questionTexts();
  if (Number.isNaN(value)) return t.number;
  if (whole && !Number.isInteger(value)) return t.whole;
  const low = typeof minimum === 'number' && value < minimum;
  const high = typeof maximum === 'number' && value > maximum;
  return low || high ? t.range(bound(minimum), bound(maximum)) : null;
}

const bound = (value: number | null | undefined) => (typeof value === 'number' ? formatNumber(value) : '');

function answerFault(q: AskedQuestion, typed: Typed): string | null {
  const t = questionTexts();
  if (q.kind === 'choice') return q.required && typedKeys(typed, q.key).length === 0 ? t.choose : null;
  const text = typedText(typed, q.key).trim();
  if (!text) return q.required ? t.missing : null;
  if (q.kind === 'number') return numberFault(q, typedNumber(text));
  return [...text].length > (q.max_length ?? LONGEST_TEXT) ? t.tooLong : null;
}

/** The name under which the server refuses an answer. */
export const fieldOf = ({ key }: Pick<AskedQuestion, 'key'>) => `answers.${key}`;

export function answerFaults(questions: readonly AskedQuestion[], typed: Typed): Record<string, string> {
  const found = questions.map((q) => [fieldOf(q), answerFault(q, typed)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** What is sent: what is asked, and nothing that was left empty. */
export function toAnswers(questions: readonly AskedQuestion[], typed: Typed): Answers {
  const sent: Answers = {};
  for (const q of questions) {
    const keys = typedKeys(typed, q.key).filter((key) => q.options?.some((option) => option.key === key));
    const text = typedText(typed, q.key).trim();
    if (q.kind === 'choice' && keys.length > 0) sent[q.key] = keys;
    if (q.kind === 'text' && text) sent[q.key] = text;
    if (q.kind === 'number' && text) sent[q.key] = typedNumber(text);
  }
  return sent;
}

/** An answer as it is typed again; an option that is not offered any more has to be chosen anew. */
export function toTyped(questions: readonly Answered[]): Typed {
  const typed: Typed = {};
  for (const { key, kind, answer, options = [] } of questions) {
    if (answer === null) continue;
    if (kind === 'choice') typed[key] = Array.isArray(answer) ? answer.filter((one) => options.some((o) => o.key === one)) : [];
    else typed[key] = typeof answer === 'number' ? formatNumber(answer, { useGrouping: false, maximumFractionDigits: 20 }) : String(answer);
  }
  return typed;
}

/** An answer as people read it; an option that is gone from the form by its key. */
export function answerText({ options = [] }: AskedQuestion, answer: Answer, language: Language): string {
  if (typeof answer === 'number') return formatNumber(answer, { maximumFractionDigits: 20 });
  if (typeof answer === 'string') return answer;
  const named = answer.map((key) => {
    const found = options.find((option) => option.key === key);
    return found ? optionOf(found, language) : key;
  });
  return named.join(' · ');
}

// --- what organisers write ---

/** A key made of a text, unlike those that are taken. */
export function keyOf(text: string, taken: readonly string[]): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const start = plain.replace(/^[^a-z]+/, '').slice(0, 26).replace(/_+$/, '') || 'q';
  if (!taken.includes(start)) return start;
  for (let n = 2; ; n++) if (!taken.includes(`${start}_${n}`)) return `${start}_${n}`;
}

/** As the server takes it: without what it counts. */
export function toWritten({ answers: _, options, ...question }: FormQuestion): FormQuestion {
  return { ...question, ...(options && { options: options.map(({ answers: _count, ...option }) => option) }) };
}

export const offered = (q: FormQuestion): AskedQuestion => ({ ...q, ...(q.options && { options: q.options.filter(({ hidden }) => !hidden) }) });
