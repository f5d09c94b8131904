// The goal board and the people behind it (server/features/goals/openapi.yaml).
import { get, type ListPage, query } from '../../net/api';
import type { List } from '../../net/types';

/** How many people; null: masked, and too few to be shown. */
export type Count = number | null;

export interface Counts {
  registered: Count;
  attended: Count;
  completed: Count;
}

/** How each person of a target list stands with the congress: in exactly one of these. */
export const STANDINGS = ['not_reached', 'registered', 'waiting', 'in_review', 'declined', 'attended', 'cancelled'] as const;
export type PersonStanding = (typeof STANDINGS)[number];

/** The target list in which a profile is counted: those of its people whom the profile accepts, by how they stand. */
export interface ListedCounts extends Record<PersonStanding, number> {
  id: string;
  name: string;
  people: number;
}

export interface TargetPerson {
  id: string;
  external_id: string | null;
  rpps: string | null;
  email: string | null;
  first_name: string;
  last_name: string;
  postcode: string | null;
  profession: string | null;
  specialty: string | null;
  region: string | null;
  segment: string | null;
  tier: string | null;
  state: PersonStanding;
}

export interface PeopleFilters {
  q: string;
  state: '' | PersonStanding;
  region: string;
}

export interface ProfileGoals extends Counts {
  id: string;
  name: string;
  goal_registrations: number | null;
  goal_attendees: number | null;
  goal_completions: number | null;
  goal_coverage: number | null;
  goal_registration_rate: number | null;
  goal_participation_rate: number | null;
  goal_completion_rate: number | null;
  /** The last day for the registrations that are wanted, and its end. */
  goal_due: string | null;
  goal_due_at: string | null;
  universe: number | null;
  universe_source: string | null;
  /** Registrations of each of the last seven times 24 hours, the newest last; null: masked. */
  recent: number[] | null;
  /** Null: the profile is counted in no list, or masked. */
  target_list: ListedCounts | null;
}

export interface InvitedCounts {
  people: number;
  /** Of them, as the board counts it. */
  registered: number;
}

/** One of the organisation's congresses that began before. */
export interface EarlierCongress {
  id: string;
  title: string;
  time_zone: string;
  began: string;
  registered: number;
  attended: number;
  completed: number;
}

export interface Board {
  as_of: string;
  /** For whoever may not see persons: numbers in steps of five, which move after five changes. */
  masked: boolean;
  /** When the next session that has not begun is planned; null: registrations help no goal any more. */
  next_session_at: string | null;
  sessions_held: number;
  /** Null: masked. Empty profiles: nobody was invited. */
  invitations: (InvitedCounts & { profiles: (InvitedCounts & { id: string })[] }) | null;
  all: Counts;
  no_profile: Counts;
  /** Who registered as something else than an HCP: nothing else counts them. Absent: of a server of the version before. */
  others?: Counts;
  profiles: ProfileGoals[];
  channels: (Counts & { channel: string })[];
  /** By registration link; label: empty where it has none. */
  campaigns: (Counts & { id: string; channel: string; label: string })[];
  regions: (Counts & { region: string })[];
  days: { day: string; registered: number }[];
}

export const api = {
  board: (congress: string) => get<Board>(`/api/congresses/${congress}/goals`),
  earlier: async (congress: string) => (await get<{ items: EarlierCongress[] }>(`/api/congresses/${congress}/goals/earlier`)).items,
  people: (profile: string, page: ListPage & PeopleFilters) =>
    get<List<TargetPerson> & { found: number }>(`/api/target-profiles/${profile}/people${query({ ...page })}`),
  peoplePath: (profile: string, filters: PeopleFilters, dialect: 'excel-fr' | 'excel-en') =>
    `/api/target-profiles/${profile}/people.csv${query({ ...filters, dialect })}`,
};
