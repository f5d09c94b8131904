// A chart as an SVG file for slides and documents: drawn from its figures in the colours of the light theme, with its title and every
// number as text, so that it stands alone. Nothing here needs a browser.

const WIDTH = 720;
const MARGIN = 24;
const LABEL = 220;
const END = 96;
const ROW = 40;
const HEAD = 64;
const INK = '#14211f';
const FAINT = '#5d6b66';
const BAR = '#1b7f79';
const BAR_2 = '#c99a3b';
const TRACK = '#e3e8e5';
const LONGEST_LABEL = 34;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
// XML has no way to write most control characters.
const escaped = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
const round = (n: number) => String(Math.round(n * 10) / 10);
const cut = (text: string) => {
  const signs = [...text];
  return signs.length > LONGEST_LABEL ? `${signs.slice(0, LONGEST_LABEL - 1).join('')}…` : text;
};

interface TextLook {
  size?: number;
  colour?: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
}

const text = (x: number, y: number, words: string, { size = 14, colour = INK, anchor = 'start', weight = 400 }: TextLook = {}) =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${colour}" text-anchor="${anchor}">${escaped(words)}</text>`;
const rect = (x: number, y: number, width: number, height: number, colour: string) =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}"/>`;

function file(title: string, height: number, parts: string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    rect(0, 0, WIDTH, height, '#ffffff'),
    text(MARGIN, 38, title, { size: 20, weight: 600 }),
    ...parts,
    '</svg>',
  ].join('\n');
}

export interface BarRow {
  label: string;
  value: number;
  /** What stands at the end of the bar. */
  words: string;
  /** Where a line crosses the bar: a goal. */
  mark?: number | null;
}

/** Rows of horizontal bars on one scale, in their order. */
export function barsFile(title: string, rows: readonly BarRow[]): string {
  const most = Math.max(1, ...rows.flatMap(({ value, mark }) => [value, mark ?? 0]));
  const wide = WIDTH - 2 * MARGIN - LABEL - END;
  const parts = rows.flatMap(({ label, value, words, mark }, index) => {
    const y = HEAD + index * ROW;
    const x = MARGIN + LABEL;
    return [
      text(MARGIN, y + 21, cut(label)),
      rect(x, y + 8, wide, 18, TRACK),
      rect(x, y + 8, (value / most) * wide, 18, BAR),
      ...(mark ? [rect(x + (mark / most) * wide - 1, y + 4, 2, 26, INK)] : []),
      text(WIDTH - MARGIN, y + 22, words, { anchor: 'end', weight: 600 }),
    ];
  });
  return file(title, HEAD + rows.length * ROW + MARGIN, parts);
}

export interface Column {
  label: string;
  value: number;
}

/** Columns over time from zero; the first and the last are named, and the largest number. */
export function columnsFile(title: string, columns: readonly Column[], words: (value: number) => string): string {
  const most = Math.max(1, ...columns.map(({ value }) => value));
  const tall = 220;
  const wide = WIDTH - 2 * MARGIN;
  const step = wide / Math.max(1, columns.length);
  const foot = HEAD + 20 + tall;
  const parts = columns.map(({ value }, index) => {
    const height = (value / most) * tall;
    return rect(MARGIN + index * step + step * 0.1, foot - height, step * 0.8, height, BAR);
  });
  const [first, last] = [columns[0], columns[columns.length - 1]];
  parts.push(rect(MARGIN, foot, wide, 1, FAINT), text(MARGIN, HEAD + 8, words(most), { size: 13, colour: FAINT }));
  if (first) parts.push(text(MARGIN, foot + 22, first.label, { size: 13, colour: FAINT }));
  if (last && last !== first) parts.push(text(WIDTH - MARGIN, foot + 22, last.label, { size: 13, colour: FAINT, anchor: 'end' }));
  return file(title, foot + 22 + MARGIN, parts);
}

export interface DotRow {
  label: string;
  /** Between 0 and 1, in the order of the series; null: not known. */
  shares: readonly (number | null)[];
}

/** Rows with a dot for each series on one line from 0 to 100 %. At most two series: told apart by shape, too. */
export function dotsFile(title: string, series: readonly string[], rows: readonly DotRow[], words: (share: number) => string): string {
  const wide = WIDTH - 2 * MARGIN - LABEL - END;
  const x = MARGIN + LABEL;
  const top = HEAD + 28;
  const legend = series.flatMap((name, index) => [mark(index, x + 6 + index * 200, HEAD + 2), text(x + 20 + index * 200, HEAD + 7, name, { size: 13, colour: FAINT })]);
  const parts = rows.flatMap(({ label, shares }, index) => {
    const y = top + index * ROW;
    const known = shares.flatMap((share, at) => (share === null ? [] : [{ share, at }]));
    return [
      text(MARGIN, y + 19, cut(label)),
      rect(x, y + 13, wide, 2, TRACK),
      ...known.map(({ share, at }) => mark(at, x + share * wide, y + 14)),
      text(WIDTH - MARGIN, y + 19, known.map(({ share }) => words(share)).join(' · '), { size: 13, anchor: 'end' }),
    ];
  });
  const foot = top + rows.length * ROW + 8;
  const axis = [0, 0.5, 1].map((share) => text(x + share * wide, foot + 8, words(share), { size: 12, colour: FAINT, anchor: 'middle' }));
  return file(title, foot + 8 + MARGIN, [...legend, ...parts, ...axis]);
}

const mark = (index: number, x: number, y: number) =>
  index === 0
    ? `<circle cx="${round(x)}" cy="${round(y)}" r="6" fill="${BAR}"/>`
    : `<path d="M${round(x)} ${round(y - 7)}l7 7-7 7-7-7z" fill="${BAR_2}"/>`;
