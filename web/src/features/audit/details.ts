// The details of a log entry in words: each as "what: value".
import { formatDateTime, formatMinutes, formatNumber, formatPercent } from '../../i18n';
import type { AuditWords } from '../feature';
import { auditTexts } from './texts';

type Details = Readonly<Record<string, unknown>>;

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
/** What came along, of which no feature speaks: counters, the thing's own id. */
const SILENT = new Set(['version', 'id', 'registered']);

function numberText(key: string, value: number): string {
  if (key.endsWith('_minutes')) return formatMinutes(value);
  if (/_(rate|threshold)$/.test(key)) return formatPercent(value);
  return formatNumber(value);
}

function textOf(key: string, value: unknown, words: AuditWords | undefined): string {
  const t = auditTexts();
  const known = words?.value?.[key]?.[String(value)];
  if (known) return known;
  if (value === null || value === undefined || value === '') return t.none;
  if (value === true) return t.changed;
  if (typeof value === 'number') return numberText(key, value);
  if (typeof value === 'string') return TIME.test(value) ? formatDateTime(value, null) : value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map((item) => textOf(key, item, words)).join(', ') || t.none;
  return t.changed;
}

/** A flag that is not set says nothing, unless its feature has a word for that. */
const speaks = (key: string, value: unknown, words: AuditWords | undefined) =>
  value !== null && (value !== false || Boolean(words?.value?.[key]?.false));

function line(key: string, text: string, words: AuditWords | undefined): string[] {
  const label = words?.detail?.[key];
  if (!label && SILENT.has(key)) return [];
  return [auditTexts().pair(label ?? key.replace(/_/g, ' '), text)];
}

const isDetails = (value: unknown): value is Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const simple = (value: unknown) => !isDetails(value) && !(Array.isArray(value) && value.some(isDetails));

function changes(before: Details, after: Details, words: AuditWords | undefined): string[] {
  const differs = (key: string) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return Object.keys(after)
    .filter(differs)
    .flatMap((key) => {
      const [from, to] = [before[key], after[key]];
      const text =
        simple(from) && simple(to)
          ? `${textOf(key, from, words)} → ${textOf(key, to, words)}`
          : auditTexts().changed;
      return line(key, text, words);
    });
}

/** `words`: of the feature that wrote the entry. */
export function detailLines(details: Details, words: AuditWords | undefined): string[] {
  const { before, after, ...rest } = details;
  const both = isDetails(before) && isDetails(after);
  const told = both ? changes(before, after, words) : [];
  const plain = { ...rest, ...(!both && isDetails(before) && before), ...(!both && isDetails(after) && after) };
  const others = Object.entries(plain)
    .filter(([key, value]) => speaks(key, value, words) && simple(value))
    .flatMap(([key, value]) => line(key, textOf(key, value, words), words));
  return [...told, ...others];
}
