// A small table as a file for a spreadsheet in the language of the interface: French ones want semicolons.
import { language } from '../i18n';

/** RFC 4180 lines; texts that a spreadsheet would run as a formula are kept text by an apostrophe. */
export function csv(rows: (string | number | null)[][]): string {
  const separator = language.value === 'fr' ? ';' : ',';
  const cell = (value: string | number | null) => {
    if (value === null) return '';
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[";,\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(cell).join(separator)}\r\n`).join('');
}
