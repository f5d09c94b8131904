// A file of an organisation's own codes, read in the browser: its lines, and what is wrong with them. Nothing is sent before
// a person has seen that.
import type { OwnCode, OwnList } from '../../net/types';
import { OWN_LISTS } from '../../net/types';

export const MOST_CODES = 2000;
export const MOST_BYTES = 2 * 1024 * 1024;
const MOST_LABEL = 200;

/** Why a file cannot be read at all. */
export type FileFault = 'large' | 'binary' | 'empty' | 'header' | 'twice' | 'many';
/** Why a line of it is refused. */
export type LineFault = 'list' | 'code' | 'label' | 'long' | 'hidden' | 'repeated' | 'taken';

export interface CodeLine {
  /** As people count in their spreadsheet. */
  line: number;
  /** What the file calls its list; null: it has no such column. */
  list: string | null;
  code: string;
  fr: string;
  en: string;
}

export interface CodeFile {
  lines: CodeLine[];
  /** It says for each line which list that is for. */
  listed: boolean;
}

/** UTF-8 or UTF-16 where it is that, else what Excel writes in Western Europe. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

interface Row {
  line: number;
  cells: string[];
}

/** RFC 4180 rows, also with other separators; a quote that is never closed ends with the file. */
function rowsOf(text: string, separator: string): Row[] {
  const rows: Row[] = [];
  let row: Row = { line: 1, cells: [''] };
  let line = 1;
  let quoted = false;
  const put = (letter: string) => (row.cells[row.cells.length - 1] += letter);
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (letter === '\n') line++;
    if (quoted && letter === '"' && text[i + 1] === '"') put(text[++i] as string);
    else if (letter === '"' && (quoted || row.cells.at(-1) === '')) quoted = !quoted;
    else if (quoted) put(letter);
    else if (letter === separator) row.cells.push('');
    else if (letter === '\n') {
      rows.push(row);
      row = { line, cells: [''] };
    } else put(letter);
  }
  rows.push(row);
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

/** The separator that the first line has most of. */
function separatorOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') >>> 0);
  const count = (separator: string) => first.split(separator).length;
  return [';', ',', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** Without accents, blanks and whatever else people write differently. */
const folded = (text: string): string =>
  text.normalize('NFD').toLowerCase().replace(/œ/g, 'oe').replace(/[^a-z0-9]/g, '');

const HEADINGS: Readonly<Record<'list' | 'code' | 'fr' | 'en', readonly string[]>> = {
  list: ['list', 'liste', 'attribute', 'attribut'],
  code: ['code', 'codes'],
  fr: ['fr', 'francais', 'french', 'libelle', 'libellefr', 'libellefrancais', 'labelfr', 'labelinfrench', 'libelleenfrancais', 'label', 'frenchlabel'],
  en: ['en', 'anglais', 'english', 'libelleen', 'libelleanglais', 'labelen', 'labelinenglish', 'libelleenanglais', 'englishlabel'],
};

function columnsOf(cells: readonly string[]) {
  const names = cells.map(folded);
  const at = (column: keyof typeof HEADINGS) => names.flatMap((name, index) => (HEADINGS[column].includes(name) ? [index] : []));
  return { list: at('list'), code: at('code'), fr: at('fr'), en: at('en') };
}

/** What a file may call a list, folded. */
const LIST_NAMES: Readonly<Record<OwnList, readonly string[]>> = {
  profession: ['profession'],
  specialty: ['specialty', 'specialite'],
  skill_type: ['skilltype', 'typeofskill', 'typedesavoirfaire'],
  practice_setting: ['practicesetting', 'lieudexercice'],
  practice_mode: ['practicemode', 'modeofpractice', 'modedexercice'],
  professional_category: ['professionalcategory', 'categorieprofessionnelle'],
  region: ['region'],
  department: ['department', 'departement'],
  segment: ['segment'],
  tier: ['tier', 'niveaudepriorite', 'priorite'],
  therapeutic_interest: ['therapeuticinterest', 'interettherapeutique'],
};
const listNamed = (name: string) => OWN_LISTS.find((list) => LIST_NAMES[list].includes(folded(name)));

const cleaned = (cell: string | undefined): string => (cell ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();

export function readCodes(bytes: Uint8Array): CodeFile | FileFault {
  if (bytes.length > MOST_BYTES) return 'large';
  const text = decoded(bytes).replace(/\r\n?/g, '\n').replace(/^\uFEFF/, '');
  if (text.includes('\0')) return 'binary';
  const [head, ...rows] = rowsOf(text, separatorOf(text));
  if (!head) return 'empty';
  const columns = columnsOf(head.cells);
  const [list, code, fr, en] = [columns.list[0], columns.code[0], columns.fr[0], columns.en[0]];
  if (Object.values(columns).some((found) => found.length > 1)) return 'twice';
  if (code === undefined || (fr === undefined && en === undefined)) return 'header';
  if (rows.length === 0) return 'empty';
  if (rows.length > MOST_CODES) return 'many';
  const cell = (row: Row, index: number | undefined) => (index === undefined ? '' : cleaned(row.cells[index]));
  const lines = rows.map((row) => ({
    line: row.line,
    list: list === undefined ? null : cell(row, list),
    code: cell(row, code),
    fr: cell(row, fr) || cell(row, en), // one language is enough: the other has the same label
    en: cell(row, en) || cell(row, fr),
  }));
  return { lines, listed: list !== undefined };
}

function faultOf({ code, fr, en }: OwnCode, taken: (list: OwnList, code: string) => boolean, list: OwnList): LineFault | null {
  if (!/^[A-Za-z0-9_]{1,20}$/.test(code)) return 'code';
  if (fr === '' || en === '') return 'label';
  if ([...fr].length > MOST_LABEL || [...en].length > MOST_LABEL) return 'long';
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(fr + en)) return 'hidden';
  return taken(list, code) ? 'taken' : null;
}

interface Judging {
  /** Whose lines these are where the file has no such column. */
  list: OwnList;
  /** Whether the common list has the code. */
  taken: (list: OwnList, code: string) => boolean;
}

export interface Judged {
  good: OwnCode[];
  refused: { line: number; said: string; fault: LineFault }[];
}

/** Which lines can be taken, and why not the others. Of a code that is there twice the first line counts. */
export function judge(file: CodeFile, { list: chosen, taken }: Judging): Judged {
  const seen = new Set<string>();
  const good: OwnCode[] = [];
  const refused: Judged['refused'] = [];
  for (const { line, list: name, code, fr, en } of file.lines) {
    const list = name === null ? chosen : listNamed(name);
    const one = { list: list ?? chosen, code, fr, en };
    const key = `${one.list} ${code}`;
    const fault = list ? (faultOf(one, taken, list) ?? (seen.has(key) ? 'repeated' : null)) : 'list';
    if (fault) refused.push({ line, said: fault === 'list' ? (name ?? '') : code, fault });
    else {
      seen.add(key);
      good.push(one);
    }
  }
  return { good, refused };
}
