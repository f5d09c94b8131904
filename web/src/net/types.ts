// What the REST API speaks (server/openapi.yaml), as types. Times are ISO 8601 UTC, ids UUIDs.

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
  label_fr: string;
  label_en: string;
  grouped_as: string | null;
}

export const ATTRIBUTES = [
  'profession',
  'specialty',
  'practice_setting',
  'region',
  'age_band',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
export type Codes = Record<Attribute | 'channel', Code[]>;

export interface Account {
  id: string;
  name: string;
  email: string;
  language: Language;
  roles: Role[];
  has_password: boolean;
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

export interface PublicSession {
  title: string;
  description: string;
  language: Language;
  starts_at: string;
  planned_minutes: number;
  state: SessionState;
}

export type ConsentKind = 'participation' | 'contact';

export interface RegistrationPage {
  organisation: {
    name: string;
    contact_email: string;
    privacy_notice_fr: string;
    privacy_notice_en: string;
  };
  congress: { title: string; description: string; language: Language; time_zone: string };
  sessions: PublicSession[];
  consents: {
    kind: ConsentKind;
    version: number;
    text_fr: string;
    text_en: string;
    required: boolean;
  }[];
  open: boolean;
}

export interface RegistrationForm {
  email: string;
  first_name: string;
  last_name: string;
  language: Language;
  profession: string;
  specialty: string | null;
  practice_setting: string;
  region: string;
  age_band: string;
  consents: { kind: ConsentKind; version: number; given: boolean }[];
}

export interface MyRegistration {
  id: string;
  first_name: string;
  last_name: string;
  email: string;
  language: Language;
  state: 'registered' | 'cancelled';
  registered_at: string;
  organisation: { name: string; contact_email: string };
  congress: { id: string; title: string; description: string; time_zone: string };
  sessions: (PublicSession & { id: string; listen_at: string })[];
}

export interface Organisation {
  id: string;
  name: string;
  contact_email: string;
  privacy_notice_fr: string;
  privacy_notice_en: string;
}

export interface ConsentText {
  kind: ConsentKind;
  version: number;
  text_fr: string;
  text_en: string;
  created_at: string;
}

export interface StaffMember {
  id: string;
  name: string;
  email: string;
  language: Language;
  roles: Role[];
  disabled_at: string | null;
  last_sign_in_at?: string | null;
}

export interface NewStaff {
  email: string;
  name: string;
  language: Language;
  roles: Role[];
}

export interface CongressFields {
  title: string;
  description: string;
  language: Language;
  time_zone: string;
}

export interface CongressSummary {
  id: string;
  title: string;
  language: Language;
  time_zone: string;
  created_at: string;
  session_count: number;
  next_starts_at: string | null;
  registered: number;
}

export interface Congress extends CongressFields {
  id: string;
  created_at: string;
  sessions: Session[];
  rooms: Named[];
  tracks: Named[];
}

export interface SessionFields {
  title: string;
  description: string;
  language: Language;
  starts_at: string;
  planned_minutes: number;
  capacity: number;
  listen_at: string;
  room: string | null;
  track: string | null;
  completion_threshold?: number;
}

export interface Session extends SessionFields {
  id: string;
  state: SessionState;
  live_at: string | null;
  ended_at: string | null;
  version: number;
  congress: { id: string; title: string; time_zone: string };
}

export interface Criterion {
  attribute: Attribute;
  codes: string[];
}

export const MODES = ['all_of', 'any_of', 'none_of'] as const;
export type Mode = (typeof MODES)[number];
export type Criteria = Record<Mode, Criterion[]>;

export interface Goals {
  goal_registrations: number | null;
  goal_attendees: number | null;
  goal_participation_rate: number | null;
  universe: number | null;
  universe_source: string | null;
}

export interface TargetProfileFields extends Goals {
  name: string;
  criteria: Criteria;
}

export interface TargetProfile extends TargetProfileFields {
  id: string;
}

export interface RegistrationLink {
  id: string;
  channel: string;
  label: string;
  code: string;
  url: string;
  registered: number;
}

export interface Registration {
  id: string;
  first_name: string;
  last_name: string;
  email: string | null;
  profession: string;
  specialty: string | null;
  practice_setting: string;
  region: string;
  age_band: string;
  profiles: string[];
  channel: string;
  state: 'registered' | 'cancelled';
  registered_at: string;
  confirmed_at: string | null;
}

export interface ProfileFigures extends Goals {
  id: string;
  name: string;
  registered: number;
  present: number;
  attended: number;
  completed: number;
}

export interface Figures {
  registered: number;
  present: number;
  attended: number;
  completed: number;
  live_seconds: number;
  profiles: ProfileFigures[];
}

export interface Participation extends Figures {
  state: SessionState;
}

export interface PageImage {
  width: number;
  height: number;
  bytes: number;
}

export interface DeckPage {
  page: number;
  state: 'ready' | 'failed';
  width: number | null;
  height: number | null;
  text: string;
  error?: string | null;
  images: PageImage[];
}

export interface Deck {
  id: string;
  file_name: string;
  page_count: number | null;
  pages: DeckPage[];
  state: 'rendering' | 'ready' | 'failed';
  error: string | null;
  created_at: string;
  bytes: number;
}

export interface PollFields {
  question: string;
  choice: 'single' | 'multiple';
  options: string[];
}

export interface Poll {
  id: string;
  position: number;
  question: string;
  choice: 'single' | 'multiple';
  state: 'draft' | 'open' | 'closed';
  results_shown: boolean;
  opened_at: string | null;
  closed_at: string | null;
  options: { position: number; text: string }[];
}

export interface AuditEntry {
  id: string | number;
  at: string;
  actor_kind: 'account' | 'registration' | 'system' | 'admin';
  actor_id: string | null;
  actor_name?: string | null;
  action: string;
  object_kind: string;
  object_id: string | null;
  details: Record<string, unknown>;
}
