// The nouns of the REST API (server/openapi.yaml) that more than one feature speaks of; what belongs to
// one feature is in its api.ts. Times are ISO 8601 UTC, ids UUIDs.

export type Language = 'fr' | 'en';
export type Role = 'organiser' | 'host' | 'moderator' | 'speaker';
export type SessionState = 'draft' | 'lobby' | 'live' | 'ended' | 'cancelled';

export interface List<T> {
  items: T[];
  next: string | null;
}

export interface Named {
  id: string;
  name: string;
}

export interface Code {
  code: string;
  fr: string;
  /** Where it differs from the French one. */
  en?: string;
  grouped_as?: string;
  professions?: string[];
  synonyms?: string[];
  /** Of a département. */
  region?: string;
  active?: false;
}

export type CodeSection = 'usual' | 'more' | 'last' | 'france' | 'overseas' | 'abroad' | 'own';

export const ATTRIBUTES = [
  'profession',
  'specialty',
  'practice_setting',
  'region',
  'age_band',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
type CodeList = { section: CodeSection; codes: Code[] }[];
export type Codes = Record<Attribute | 'channel', CodeList>;
export type Countries = { region: CodeList };
/** The lists that no registration form needs. */
export type MoreList =
  'skill_type' | 'practice_mode' | 'professional_category' | 'department' | 'country' | 'language';
export type MoreCodes = Record<MoreList, CodeList>;

/** The lists to which an organisation adds codes of its own; the last three have no others. */
export const OWN_LISTS = [
  'profession',
  'specialty',
  'skill_type',
  'practice_setting',
  'practice_mode',
  'professional_category',
  'region',
  'department',
  'segment',
  'tier',
  'therapeutic_interest',
] as const;
export type OwnList = (typeof OWN_LISTS)[number];
export interface OwnCode {
  list: OwnList;
  code: string;
  fr: string;
  en: string;
}

export interface Account {
  id: string;
  name: string;
  /** Null: a guest speaker's. */
  email: string | null;
  language: Language;
  roles: Role[];
  has_password: boolean;
  /** The one session that the link of a guest speaker opens; null: somebody with an account. */
  guest_of: string | null;
}

export interface StaffMe {
  kind: 'staff';
  account: Account;
  organisation: Named;
}

export interface HcpMe {
  kind: 'hcp';
  registration: MyRegistration;
}

export type Me = StaffMe | HcpMe;

export const PROGRAMME_ROLES = ['speaker', 'chair', 'panellist', 'moderator'] as const;
export type ProgrammeRole = (typeof PROGRAMME_ROLES)[number];

/** Somebody in a talk or a session, as its programme names them. */
export interface Speaking {
  name: string;
  affiliation: string;
  country: string;
  role: ProgrammeRole;
  biography?: string;
}

export interface Talk {
  id: string;
  title: string;
  abstract?: string;
  /** From the session's start. */
  start_minute: number;
  minutes: number;
  speakers: Speaking[];
}

export interface Programme {
  /** Of the session as a whole. */
  speakers: Speaking[];
  talks: Talk[];
}

export interface PublicSession {
  title: string;
  description: string;
  language: Language;
  starts_at: string;
  planned_minutes: number;
  state: SessionState;
  programme: Programme;
}

export type ConsentKind = 'participation' | 'contact';

/** Only `registered` has a seat and a sign-in. */
export type RegistrationState = 'registered' | 'in_review' | 'waiting' | 'declined' | 'cancelled';

/** What somebody registers as. Only health professionals have a profile and count in figures of HCPs. */
export type Category = 'hcp' | 'student' | 'industry' | 'press' | 'public';

export interface MyRegistration {
  id: string;
  first_name: string;
  last_name: string;
  email: string;
  language: Language;
  state: RegistrationState;
  registered_at: string;
  /** Path of the public programme. */
  programme_page: string;
  organisation: Organiser;
  congress: { id: string; title: string; description: string; time_zone: string };
  sessions: (PublicSession & { id: string; listen_at: string })[];
}

export interface CongressFields {
  title: string;
  description: string;
  language: Language;
  time_zone: string;
}

export interface Congress extends CongressFields {
  id: string;
  created_at: string;
  sessions: Session[];
  halls: Named[];
  tracks: Track[];
  /** Of halls and tracks. */
  structure_version: string;
}

export const TRACK_COLOURS = ['teal', 'blue', 'violet', 'rose', 'red', 'amber', 'green', 'slate'] as const;
export type TrackColour = (typeof TRACK_COLOURS)[number];
export type Track = Named & { colour: TrackColour };

export const LEVELS = ['introductory', 'intermediate', 'advanced'] as const;
export type Level = (typeof LEVELS)[number];

export interface SessionFields {
  title: string;
  description: string;
  language: Language;
  starts_at: string;
  planned_minutes: number;
  capacity: number;
  listen_at: string;
  hall: string | null;
  track: string | null;
  /** A break is a line of the programme: nothing to publish, nobody joins it. */
  kind: 'session' | 'break';
  level: Level | null;
  completion_threshold?: number;
}

export interface Session extends SessionFields {
  id: string;
  state: SessionState;
  live_at: string | null;
  ended_at: string | null;
  version: number;
  /** When registered people are told of the latest changes; null: nothing waits. */
  notice_due_at: string | null;
  /** Of one that ended, asked for by itself: where a correction may put its end. */
  end_range?: { from: string; until: string };
  congress: { id: string; title: string; time_zone: string };
}

/** An organisation as its own pages show it. */
export interface Organiser {
  name: string;
  contact_email: string;
  /** Its colour, "#rrggbb"; null: the product's. */
  accent: string | null;
  /** Path of its logo. */
  logo: string | null;
}
