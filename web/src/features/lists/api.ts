// Target lists (server/features/lists/openapi.yaml).
import { get, type ListPage, query, request } from '../../net/api';
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
export const IDENTITY = ['external_id', 'rpps', 'email', 'first_name', 'last_name', 'postcode'] as const;

export type Coded = (typeof CODED)[number];
export type PersonField = Coded | (typeof OWN_WORDS)[number] | (typeof IDENTITY)[number];

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

export const api = {
  lists: () => get<List<TargetList>>('/api/target-lists'),
  list: (list: string) => get<TargetListDetails>(path(list)),
  change: (list: string, said: ListDescription) => request<TargetListDetails>('PATCH', path(list), said),
  remove: (list: string) => request<void>('DELETE', path(list)),
  people: (list: string, page: ListPage & PeopleFilters) =>
    get<List<ListedPerson> & { found: number }>(`${path(list)}/people${query({ ...page })}`),
  removePerson: (list: string, person: string) => request<void>('DELETE', `${path(list)}/people/${person}`),
};
