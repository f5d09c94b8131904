// The interface language and its texts. Each feature keeps its texts beside it in texts.ts, made by
// defineTexts(english, french): the types hold both to the same keys, and a chunk carries only its own.
import { effect, signal } from '@preact/signals';
import type { Language } from '../net/types';

const KEY = 'amphi.language';

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage refused by the browser: the language of the browser is used
  }
}

function initial(): Language {
  if (typeof navigator === 'undefined') return 'en';
  const saved = stored();
  if (saved === 'fr' || saved === 'en') return saved;
  const wanted = navigator.languages.find((tag) => /^(fr|en)\b/i.test(tag));
  return wanted?.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

export const language = signal<Language>(initial());

/** Whether the person chose a language here; else a page may suggest its own. */
export const languageChosen = (): boolean => stored() !== null;

export function setLanguage(next: Language, remember = true): void {
  language.value = next;
  if (!remember) return;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // The browser refuses storage: the choice holds until the page is closed.
  }
}

if (typeof document !== 'undefined')
  effect(() => {
    document.documentElement.lang = language.value;
  });

type Text = string | ((...values: never[]) => string);
export interface Texts {
  readonly [key: string]: Text | Texts;
}
/** The shape of a dictionary: any string for a string, same arguments for a function. */
export type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer A) => string
      ? (...values: A) => string
      : Same<T[K]>;
};

/** French puts a space before these signs and inside its quotes, where no line may break. */
export const unbroken = (text: string): string =>
  text.replace(/ ([:;?!»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');

function frenchSpaces(text: Text | Texts): Text | Texts {
  if (typeof text === 'string') return unbroken(text);
  if (typeof text === 'function') return (...values: never[]) => unbroken(text(...values));
  return Object.fromEntries(Object.entries(text).map(([key, inner]) => [key, frenchSpaces(inner)]));
}

/** Every dictionary that was defined; a test compares their languages. */
export const dictionaries: { en: unknown; fr: unknown }[] = [];

/** Call the result while rendering: it reads the language signal, so the view follows a switch. */
export function defineTexts<const E extends Texts>(en: E, fr: Same<E>): () => Same<E> {
  dictionaries.push({ en, fr });
  const spaced = frenchSpaces(fr) as Same<E>;
  return () => (language.value === 'fr' ? spaced : (en as unknown as Same<E>));
}

const formatters = new Map<string, unknown>();
function cached<F>(kind: string, options: object, make: (locale: string) => F): F {
  const locale = language.value === 'fr' ? 'fr-FR' : 'en-GB';
  const key = `${kind}|${locale}|${JSON.stringify(options)}`;
  const found = formatters.get(key) as F | undefined;
  if (found) return found;
  const made = make(locale);
  formatters.set(key, made);
  return made;
}

export function plural(count: number, forms: { one: string; other: string }): string {
  const rules = cached('plural', {}, (locale) => new Intl.PluralRules(locale));
  const form = rules.select(count) === 'one' ? forms.one : forms.other;
  return form.replace('#', formatNumber(count));
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return cached('number', options, (locale) => new Intl.NumberFormat(locale, options)).format(
    value,
  );
}

export function formatPercent(share: number, digits = 0): string {
  return formatNumber(share, { style: 'percent', maximumFractionDigits: digits });
}

/** Cut, as in the files: what is shown never reaches a goal or a threshold that the share misses. 0.29 * 100 is 28.999…: hence the sliver. */
const cut = (share: number, digits: number) => {
  const steps = 100 * 10 ** digits;
  return Math.floor(share * steps + 1e-6) / steps;
};

/** A rate in percent, with one decimal unless told. Only an exact 0 or 1 is shown as 0 % or 100 %. */
export function formatRate(share: number, digits = 1): string {
  const least = 1 / (100 * 10 ** digits);
  if (share > 0 && share < least) return `< ${formatPercent(least, digits)}`;
  return formatPercent(cut(share, digits), digits);
}

const SIZES = [
  { unit: 'gigabyte', bytes: 1024 ** 3, digits: 1 },
  { unit: 'megabyte', bytes: 1024 ** 2, digits: 1 },
  { unit: 'kilobyte', bytes: 1024, digits: 0 },
] as const;

export function formatBytes(bytes: number): string {
  const least = Math.max(bytes, 1024);
  const size = SIZES.find((found) => least >= found.bytes) ?? SIZES[2];
  return formatNumber(least / size.bytes, {
    style: 'unit',
    unit: size.unit,
    maximumFractionDigits: size.digits,
  });
}

/** `zone` null: the browser's own time zone. */
export function formatDate(
  time: string | Date,
  zone: string | null,
  options: Intl.DateTimeFormatOptions,
): string {
  const all = zone ? { ...options, timeZone: zone } : options;
  const date = typeof time === 'string' ? new Date(time) : time;
  return cached('date', all, (locale) => new Intl.DateTimeFormat(locale, all)).format(date);
}

/** A day of the calendar, "2026-11-01", whatever the reader's time zone. */
export const formatCalendarDay = (day: string, options: Intl.DateTimeFormatOptions) => formatDate(`${day}T12:00:00Z`, 'UTC', options);
export const formatDay = (time: string | Date, zone: string | null) =>
  formatDate(time, zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
export const formatLongDay = (time: string | Date, zone: string | null) =>
  formatDate(time, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
export const formatTime = (time: string | Date, zone: string | null) =>
  formatDate(time, zone, { hour: '2-digit', minute: '2-digit' });
export const formatDateTime = (time: string | Date, zone: string | null) =>
  formatDate(time, zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`;
}

/** h:mm:ss or m:ss of a span in seconds. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : `${Math.floor(whole / 60)}:${parts[1]}`;
}

/** How names are sorted in the language of the interface. */
export const compareNames = (a: string, b: string): number =>
  cached('names', {}, (locale) => new Intl.Collator(locale)).compare(a, b);

/** The label of a code in the language of the interface; the code itself when it is not listed. */
export function codeLabel(
  list: readonly { code: string; fr: string; en?: string }[] | undefined,
  code: string,
): string {
  const found = list?.find((item) => item.code === code);
  if (!found) return code;
  return language.value === 'en' && found.en ? found.en : found.fr;
}
