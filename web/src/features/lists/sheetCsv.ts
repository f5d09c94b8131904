// The rows of a worksheet as CSV. Row n is line n, as people know it from their spreadsheet.

const DAY_MS = 86_400_000;

/** A cell as it is stored in a workbook: numbers without an exponent, days as 2026-11-30, formulas by their last value. */
export function cellText(value: unknown): string {
  if (value instanceof Date) {
    const text = value.toISOString();
    return value.getTime() % DAY_MS === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
  }
  if (typeof value === 'number') return plainNumber(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? value.replace(/\s*[\r\n]+\s*/g, ' ') : '';
}

/** An RPPS number that a workbook keeps as 1.0000001916E10 is 10000001916 again. */
const plainNumber = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value);

/** Every cell with something in it stands between quotes, so that no text of it is taken for a separator. */
const quoted = (text: string): string => (text === '' ? '' : `"${text.replaceAll('"', '""')}"`);

export const csvLine = (row: readonly unknown[]): string => `${row.map((cell) => quoted(cellText(cell))).join(',')}\n`;
