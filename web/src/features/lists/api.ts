// Target lists (server/features/lists/openapi.yaml).
import { get, type ListPage, query, request, upload } from '../../net/api';
import type { List } from '../../net/types';

/** What is known of a person, as reference codes or, the last three, in the organisation's own words. */
export const CODED = [
  'profession',
  'specialty',
  'skill_type',
  'practice_setting',
  'practice_mode',
  'professional_category',
  'region',
  'department',
  'country',
  'age_band',
  'language',
] as const;
export const OWN_WORDS = ['segment', 'tier', 'therapeutic_interest'] as const;
export const IDENTITY = ['rpps', 'email', 'last_name', 'first_name', 'postcode', 'external_id'] as const;

export type Coded = (typeof CODED)[number];
export type PersonField = Coded | (typeof OWN_WORDS)[number] | (typeof IDENTITY)[number];

export type ImportState = 'read' | 'checking' | 'checked' | 'storing' | 'stored' | 'failed';

/** An import that is not stored yet. */
export interface WaitingImport {
  id: string;
  state: Exclude<ImportState, 'stored'>;
  file_name: string;
  created_at: string;
}

export type LineFault =
  | 'line.too_long'
  | 'line.encoding'
  | 'line.nul'
  | 'line.quote'
  | 'line.columns'
  | 'rpps.malformed'
  | 'rpps.check_digit'
  | 'email.malformed'
  | 'code.unknown'
  | 'cell.too_long'
  | 'person.missing';

/** Of several lines about one person: which of them counts. */
export type Rule = 'keep' | 'merge' | 'replace';

export interface ImportColumn {
  /** Empty without a header. */
  name: string;
  proposed: PersonField | null;
  field: PersonField | null;
  repeated: boolean;
}

export interface ImportCounts {
  good: number;
  refused: number;
  new: number;
  twice_in_file: number;
  on_list: number;
  added?: number;
  changed?: number;
}

export interface TargetListImport {
  id: string;
  state: ImportState;
  error: string | null;
  file_name: string;
  created_at: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  delimiter: ',' | ';' | '\t' | '|';
  has_header: boolean;
  lines: number;
  checked: number;
  duplicates: Rule | null;
  counts: ImportCounts | null;
  columns: ImportColumn[];
  preview: { line: number; cells: string[]; fault: LineFault | null }[];
  faults: { fault: LineFault; column: number | null; lines: number }[];
  refused: { line: number; fault: LineFault; column: number | null; value: string | null }[];
}

export interface Mapping {
  fields: (PersonField | null)[];
  duplicates: Rule;
}

export interface TargetList {
  id: string;
  name: string;
  source: string | null;
  as_of: string | null;
  people: number;
  /** How many of them are registered HCPs of the organisation. */
  known: number;
  made_by: string | null;
  created_at: string;
  changed_at: string;
  imports: WaitingImport[];
}

export type Breakdown = { code: string | null; people: number }[];

export interface TargetListDetails extends TargetList {
  specialty: Breakdown;
  region: Breakdown;
}

export type ListedPerson = { [field in PersonField]: string | null } & {
  id: string;
  first_name: string;
  last_name: string;
  known: boolean;
};

export interface PeopleFilters {
  q: string;
  known: '' | 'true' | 'false';
}

export interface ListDescription {
  name: string;
  source: string | null;
  as_of: string | null;
}

const path = (list: string) => `/api/target-lists/${list}`;
const importPath = (list: string, id: string) => `${path(list)}/imports/${id}`;

export const api = {
  lists: () => get<List<TargetList>>('/api/target-lists'),
  list: (list: string) => get<TargetListDetails>(path(list)),
  create: (said: ListDescription) => request<TargetListDetails>('POST', '/api/target-lists', said),
  change: (list: string, said: ListDescription) => request<TargetListDetails>('PATCH', path(list), said),
  remove: (list: string) => request<void>('DELETE', path(list)),
  people: (list: string, page: ListPage & PeopleFilters) =>
    get<List<ListedPerson> & { found: number }>(`${path(list)}/people${query({ ...page })}`),
  removePerson: (list: string, person: string) => request<void>('DELETE', `${path(list)}/people/${person}`),
  /** `lines`: of the file, as CSV. */
  upload: (list: string, file: string, lines: Blob, progress: (share: number) => void, signal: AbortSignal) =>
    upload<TargetListImport>(
      `${path(list)}/imports${query({ file_name: file })}`,
      lines,
      'text/csv',
      progress,
      signal,
    ),
  import: (list: string, id: string) => get<TargetListImport>(importPath(list, id)),
  map: (list: string, id: string, mapping: Mapping) =>
    request<TargetListImport>('PUT', `${importPath(list, id)}/mapping`, mapping),
  confirm: (list: string, id: string) =>
    request<TargetListImport>('POST', `${importPath(list, id)}/confirm`, {}),
  cancel: (list: string, id: string) => request<void>('DELETE', importPath(list, id)),
  reportPath: (list: string, id: string, dialect: 'excel-fr' | 'excel-en') =>
    `${importPath(list, id)}/report.csv?dialect=${dialect}`,
};
