// Target profiles (server/features/audience/openapi.yaml).
import { get, patch, post, remove } from '../../net/api';
import type { List, OwnCode, OwnList } from '../../net/types';

/** What a criterion may ask about, in the order in which it is offered. */
export const ASKED = [
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
  'segment',
  'tier',
  'therapeutic_interest',
  'target_list',
  'target_profile',
] as const;
export type Asked = (typeof ASKED)[number];

export interface Criterion {
  attribute: Asked;
  codes: string[];
}

export const MODES = ['all_of', 'any_of', 'none_of'] as const;
export type Mode = (typeof MODES)[number];
export type Criteria = Record<Mode, Criterion[]>;

export interface TargetProfileFields {
  name: string;
  criteria: Criteria;
  goal_registrations: number | null;
  goal_attendees: number | null;
  goal_completions: number | null;
  goal_coverage: number | null;
  goal_registration_rate: number | null;
  goal_participation_rate: number | null;
  goal_completion_rate: number | null;
  /** The last day for the registrations that are wanted: YYYY-MM-DD. */
  goal_due: string | null;
  /** Null: as many as the congress has seats. */
  places: number | null;
  universe: number | null;
  universe_source: string | null;
  /** Where the universe is from; one that is counted has the number and the source of its last count. */
  universe_from: 'given' | 'registry' | 'target_list';
  universe_list: string | null;
}

export interface ListName {
  id: string;
  name: string;
}

export interface TargetProfile extends TargetProfileFields {
  id: string;
  /** The target lists that its criteria name. */
  target_lists: ListName[];
  /** The last count, 0 too; null: not counted yet, or it cannot be. */
  universe_counted: number | null;
  universe_counted_at: string | null;
  /** Of its places; null: it has no number of them. */
  places_taken: number | null;
  universe_counting: boolean;
  /** What the criteria ask and the register does not know. */
  universe_lacks: Asked[];
}

/** A profile that the organisation keeps: of its criteria, `target_profile` names others of the library. */
export interface LibraryProfile
  extends Pick<TargetProfileFields, 'name' | 'criteria' | 'universe' | 'universe_source' | 'universe_from' | 'universe_list'> {
  id: string;
  kept_at: string;
  /** What criteria and universe name; one that was removed keeps the profile from being copied. */
  target_lists: (ListName & { removed: boolean })[];
}

/** What a universe can be counted in. */
export interface UniverseSources {
  registry: boolean;
  lists: ListName[];
}

export interface UniverseCount {
  count: number | null;
  source: string | null;
  lacks: Asked[];
}

type UniverseAsked = Pick<TargetProfileFields, 'criteria' | 'universe_from' | 'universe_list'> & { profile?: string };

/** Registrations that match, and how many of them a profile gains and loses. */
export interface ProfilePreview {
  registered: number;
  gained: number;
  lost: number;
}

/** Lists are for organisers of the whole organisation: others have none to choose from. */
const targetLists = async (): Promise<ListName[]> =>
  (await get<List<ListName>>('/api/target-lists').catch(() => ({ items: [] }))).items;

async function universeSources(): Promise<UniverseSources> {
  const [{ edition }, lists] = await Promise.all([
    get<{ edition: object | null }>('/api/registry').catch(() => ({ edition: null })),
    targetLists(),
  ]);
  return { registry: edition !== null, lists };
}

export const api = {
  targetLists,
  universeSources,
  countUniverse: (congress: string, asked: UniverseAsked) =>
    post<UniverseCount>(`/api/congresses/${congress}/target-profiles/universe`, asked),
  profiles: (congress: string) =>
    get<List<TargetProfile>>(`/api/congresses/${congress}/target-profiles`),
  addProfile: (congress: string, fields: TargetProfileFields) =>
    post<TargetProfile>(`/api/congresses/${congress}/target-profiles`, fields),
  changeProfile: (id: string, fields: Partial<TargetProfileFields>) =>
    patch<TargetProfile>(`/api/target-profiles/${id}`, fields),
  removeProfile: (id: string) => remove(`/api/target-profiles/${id}`),
  library: (congress: string) => get<List<LibraryProfile>>(`/api/congresses/${congress}/library-profiles`),
  addFromLibrary: (congress: string, library_profiles: string[]) =>
    post<{ items: TargetProfile[] }>(`/api/congresses/${congress}/target-profiles/from-library`, { library_profiles }),
  /** `replace`: what the library has of these names. */
  keepProfile: (profile: string, replace: boolean) =>
    post<LibraryProfile>('/api/library-profiles', { profile, replace }),
  renameKept: (id: string, name: string) => patch<LibraryProfile>(`/api/library-profiles/${id}`, { name }),
  importCodes: (codes: OwnCode[]) => post<{ added: number; changed: number }>('/api/organisation/codes', { codes }),
  removeCode: (list: OwnList, code: string) => remove(`/api/organisation/codes/${list}/${code}`),
  removeKept: (id: string) => remove(`/api/library-profiles/${id}`),
  /** `profile`: the one that would have these criteria, if there is one already. */
  previewProfile: (congress: string, criteria: Criteria, profile?: string) =>
    post<ProfilePreview>(`/api/congresses/${congress}/target-profiles/preview`, {
      criteria,
      ...(profile ? { profile } : {}),
    }),
};
