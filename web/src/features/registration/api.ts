// Registering, one's own registration, and links and registrations for organisers (server/features/registration/openapi.yaml).
import type { Answers, Answered, AskedQuestion, FormQuestion, FormQuestions } from './formQuestions';
import { get, type ListPage, patch, post, put, query, remove } from '../../net/api';
import type { Category, ConsentKind, Language, List, MyRegistration, Organiser, PublicSession, RegistrationState } from '../../net/types';

/** Who may register: anybody, whom a target profile matches, who is on a target list, who holds a personal invitation. */
export type Policy = 'open' | 'matching' | 'target_list' | 'invitation';

export interface RegistrationPolicy {
  policy: Policy;
  target_list: { id: string; name: string } | null;
  /** Whom the congress admits. */
  categories: Category[];
  /** How many the congress has. */
  target_profiles: number;
  /** An organiser looks at each confirmation before it counts. */
  review: boolean;
  /** How many are to be decided, also once it is switched off. */
  in_review: number;
  waiting_list: boolean;
  places: Places;
}

/** Seats of the congress, and places of those profiles that have a number of them. */
export interface Places {
  /** Null: no session is open. */
  capacity: number | null;
  taken: number;
  waiting: number;
  profiles: { id: string; name: string; places: number; taken: number; waiting: number }[];
}

export interface RegistrationPage {
  organisation: Organiser & { privacy_notice_fr: string; privacy_notice_en: string };
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
  /** False: registration by this link was switched off. */
  link_open: boolean;
  /** Who sees who comes by this link, and attends; null: nobody. */
  representative: string | null;
  policy: Policy;
  /** Whom the congress admits; absent: HCPs alone, says a server of the version before. */
  categories?: Category[];
  /** Organisers look at each registration before it counts. */
  review: boolean;
  /** Every seat is taken. */
  full: boolean;
  /** Who finds no place is put on the waiting list. */
  waiting_list: boolean;
  /** The organiser's own, asked of everybody. */
  questions: AskedQuestion[];
  /** More may be asked of some. */
  questions_adapt: boolean;
  /** Whether an RPPS number's check digit has to be right. */
  rpps_check: boolean;
  /** Who vouches for people that sign in there first; null: nobody. */
  provider: string | null;
}

/** What the provider said of whoever signed in there. */
export interface ProviderSaid {
  provider: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  rpps: string | null;
  profession: string | null;
  specialty: string | null;
}

/** Whom the French register of health professionals has under a number. */
export interface RegistryPerson {
  rpps: string;
  first_name: string;
  last_name: string;
  profession: string;
  specialty: string | null;
  region: string | null;
}

export interface LookUp {
  /** Null: no register was imported. */
  data_at: string | null;
  person: RegistryPerson | null;
}

/** What a mailed link is about, before it is used. */
export interface LinkPreview {
  state: 'requested' | RegistrationState;
  /** On the waiting list, 1 first. */
  waiting_place: number | null;
  /** Whether what is confirmed is reviewed. */
  review: boolean;
  /** What an organiser told them when they were declined. */
  message: string | null;
  /** What they were asked for while they are in review. */
  proof_message: string | null;
  first_name: string;
  last_name: string;
  language: Language;
  organisation: Organiser;
  congress: { title: string; language: Language; time_zone: string };
  sessions: PublicSession[];
  /** The page on which to register for the event. */
  page: string;
  /** Of a request: who else is known at its address, if none of them has its name. */
  people: { id: string; first_name: string; last_name: string }[];
}

/** Null: it is not asked of the category. */
export interface Declared {
  profession: string | null;
  specialty: string | null;
  practice_setting: string | null;
  region: string | null;
  age_band: string | null;
}

/** What is of the category, and no more. */
export interface DeclaredTyped extends Partial<Declared> {
  /** Absent: an HCP. */
  category?: Category;
  affiliation?: string;
}

export interface RegistrationForm extends DeclaredTyped {
  email: string;
  first_name: string;
  last_name: string;
  rpps?: string | null;
  language: Language;
  consents: { kind: ConsentKind; version: number; given: boolean }[];
  answers: Answers;
  /** What the provider said goes with it. */
  provider?: boolean;
}

/** What a personal invitation opens, and what is known of whom it is of. */
export interface OpenInvitation {
  /** The path of the registration page. */
  page: string;
  state: 'queued' | 'invited' | 'opened' | 'registered' | 'waiting' | 'declined' | 'opted_out' | 'bounced';
  email: string | null;
  first_name: string;
  last_name: string;
  language: Language;
  rpps: string | null;
  profession: string | null;
  specialty: string | null;
  practice_setting: string | null;
  region: string | null;
  age_band: string | null;
}

/** What an HCP declared and agreed to, and the address. */
export interface MyProfile {
  email: string;
  /** It waits for its code. */
  new_email: string | null;
  category: Category;
  affiliation: string | null;
  declared: Declared;
  /** Who sees that they registered, and whether they attended; null: nobody. */
  representative: string | null;
  /** The organiser's own that are asked of them. */
  questions: Answered[];
  consents: (RegistrationPage['consents'][number] & { given: boolean; at: string | null })[];
  privacy_notice_fr: string;
  privacy_notice_en: string;
}

export interface RegistrationLink {
  id: string;
  channel: string;
  label: string;
  code: string;
  url: string;
  /** False: it was switched off. */
  open: boolean;
  registered: number;
  /** Forms that their mails did not confirm yet. */
  waiting: number;
  /** Somebody registered by it, cancelled or not. */
  used: boolean;
}

/** Who gives a link out, and sees on a page of their own who came by it. */
export interface Representative {
  /** The id of the link. */
  link: string;
  name: string;
  /** Null: the access has ended. */
  email: string | null;
  language: Language;
  sent_at: string;
  seen_at: string | null;
  ended_at: string | null;
}

export type NewRepresentative = { name: string; email: string; language: Language; label: string };

/** What the register said of a registration. */
export type Verdict = 'verified' | 'differs' | 'unknown';

export interface Registration extends Declared {
  id: string;
  first_name: string;
  last_name: string;
  email: string | null;
  category: Category;
  /** The school, the company or the medium. */
  affiliation: string | null;
  profiles: string[];
  channel: string;
  state: RegistrationState;
  /** On the waiting list, 1 first. */
  waiting_place: number | null;
  /** Somebody else has this e-mail address, too. */
  address_shared: boolean;
  rpps: string | null;
  /** Somebody else gave this number, too. */
  rpps_shared: boolean;
  registry: { verdict: Verdict; differs: ('name' | 'profession' | 'specialty')[]; data_at: string } | null;
  /** What a provider said that vouches for who signs in there. */
  provider: { provider: string; verdict: 'verified' | 'differs'; differs: ('name' | 'rpps' | 'profession' | 'specialty')[]; at: string } | null;
  /** To the organiser's own questions, by their keys. */
  answers: Answers;
  registered_at: string;
  confirmed_at: string | null;
}

/** What a reviewer looks at first. */
export type ReviewFlag = 'industry' | 'same_rpps' | 'same_name' | 'registry' | 'declined_before';

/** For the organisation alone. */
export const DECLINE_REASONS = ['not_concerned', 'industry', 'duplicate', 'not_verified', 'no_proof', 'other'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface Review {
  /** Goes up with each decision: who decides says which they saw. */
  version: number;
  since: string;
  proof_asked_at: string | null;
  proof_message: string | null;
  decision: 'approved' | 'declined' | null;
  decided_at: string | null;
  reason: DeclineReason | null;
  /** What the person was told. */
  message: string | null;
  /** Whose the last decision is. */
  by: string | null;
}

export interface Reviewed extends Declared {
  id: string;
  first_name: string;
  last_name: string;
  email: string | null;
  category: Category;
  affiliation: string | null;
  language: Language;
  profiles: string[];
  channel: string;
  state: 'in_review' | 'declined';
  rpps: string | null;
  registry: Registration['registry'];
  provider: Registration['provider'];
  /** To the organiser's own questions. */
  answers: { key: string; label_fr: string; label_en: string; text_fr: string; text_en: string }[];
  flags: ReviewFlag[];
  /** Who may be the same person. */
  twins: { id: string; first_name: string; last_name: string; email: string; rpps: string | null; state: RegistrationState; same_rpps: boolean }[];
  review: Review;
}

export type ReviewFilter = '' | 'flagged' | 'proof_asked' | 'declined';

export interface ReviewList extends List<Reviewed> {
  counts: { in_review: number; flagged: number; proof_asked: number; declined: number };
}

export type ReviewWish =
  | { decision: 'approve' }
  | { decision: 'decline'; reason: DeclineReason; message?: string }
  | { decision: 'ask_proof'; message: string };
export type Decision = ReviewWish['decision'];

/** Which registrations are wanted; '' is any. */
export type RegistrationFilters = {
  q: string;
  state: '' | Registration['state'];
  channel: string;
  /** The id of a target profile, or "none". */
  profile: string;
  registry: '' | Verdict | 'none';
  category: '' | Category;
};

export interface RegistrationList extends List<Registration> {
  /** On all pages. */
  found: number;
  /** Forms that their mails did not confirm yet. */
  waiting: number;
}

const pageOf = (code: string) => `/api/registration-pages/${encodeURIComponent(code)}`;

export const api = {
  registrationPage: (code: string) => get<RegistrationPage>(pageOf(code)),
  /** The address at which to sign in. */
  askProvider: (code: string) => post<{ url: string }>(`${pageOf(code)}/provider`),
  providerSaid: (code: string) => get<ProviderSaid>(`${pageOf(code)}/provider`),
  register: (code: string, form: RegistrationForm) => post(pageOf(code), form),
  /** The token confirms it at once; without one a mail was sent to that other address. */
  registerInvited: (code: string, invitation: string, form: RegistrationForm) =>
    post<{ token?: string }>(`${pageOf(code)}/invited`, { invitation, form }),
  askedQuestions: (code: string, typed: Partial<Declared> & { language: Language }) =>
    post<{ questions: AskedQuestion[] }>(`${pageOf(code)}/questions`, typed),
  openInvitation: (token: string) => post<OpenInvitation>('/api/invitations/open', { token }),
  decline: (token: string, declines: boolean) => post('/api/invitations/decline', { token, declines }),
  lookUp: (rpps: string) => post<LookUp>('/api/registry/look-up', { rpps }),
  sendLink: (code: string, email: string) => post(`${pageOf(code)}/send-link`, { email }),
  sendMine: (email: string) => post('/api/send-link', { email }),
  preview: (token: string) => post<LinkPreview>('/api/join/preview', { token }),
  /** person: of a request at whose address another name is known: their id, or "new". */
  join: (token: string, person?: string) =>
    post<{ registration?: MyRegistration; waiting_place?: number; state?: 'in_review' }>('/api/join', person ? { token, person } : { token }),
  cancelByLink: (token: string) => post('/api/join/cancel', { token }),
  myRegistration: () => get<MyRegistration>('/api/my/registration'),
  changeMyName: (name: { first_name: string; last_name: string }) =>
    patch<MyRegistration>('/api/my/registration', name),
  myProfile: () => get<MyProfile>('/api/my/profile'),
  changeMyProfile: (profile: DeclaredTyped) => patch<MyProfile>('/api/my/profile', profile),
  answerConsent: (kind: ConsentKind, version: number, given: boolean, language: Language) =>
    post<MyProfile>('/api/my/consents', { kind, version, given, language }),
  changeMyAnswers: (answers: Answers) => patch<MyProfile>('/api/my/answers', { answers }),
  askForAddress: (email: string) => post<MyProfile>('/api/my/address', { email }),
  confirmAddress: (code: string) => post<MyProfile>('/api/my/address/confirm', { code }),
  cancelMine: () => post('/api/my/cancel'),
  myDataPath: '/api/my/data',

  policy: (congress: string) => get<RegistrationPolicy>(`/api/congresses/${congress}/registration-policy`),
  setPolicy: (congress: string, policy: { policy: string; target_list?: string; categories: Category[]; review: boolean; waiting_list: boolean }) =>
    put<RegistrationPolicy>(`/api/congresses/${congress}/registration-policy`, policy),
  formQuestions: (congress: string) => get<FormQuestions>(`/api/congresses/${congress}/form-questions`),
  setFormQuestions: (congress: string, version: number, questions: readonly FormQuestion[]) =>
    put<FormQuestions>(`/api/congresses/${congress}/form-questions`, { version, questions }),
  links: (congress: string) => get<List<RegistrationLink>>(`/api/congresses/${congress}/links`),
  addLink: (congress: string, channel: string, label: string) =>
    post<RegistrationLink>(`/api/congresses/${congress}/links`, { channel, label }),
  changeLink: (id: string, change: { label?: string; open?: boolean }) =>
    patch<RegistrationLink>(`/api/links/${id}`, change),
  removeLink: (id: string) => remove(`/api/links/${id}`),
  representatives: (congress: string) => get<List<Representative>>(`/api/congresses/${congress}/representatives`),
  addRepresentative: (congress: string, wanted: NewRepresentative) =>
    post<Representative>(`/api/congresses/${congress}/representatives`, wanted),
  sendRepresentative: (link: string) => post(`/api/links/${link}/representative/send`),
  endRepresentative: (link: string) => remove(`/api/links/${link}/representative`),
  registrations: (congress: string, page: ListPage & Partial<RegistrationFilters>) =>
    get<RegistrationList>(`/api/congresses/${congress}/registrations${query(page)}`),
  /** A file of all of them, whatever is filtered. */
  registrationsPath: (congress: string, dialect: string) => `/api/congresses/${congress}/registrations.csv?dialect=${dialect}`,
  reviews: (congress: string, page: ListPage & { q: string; filter: ReviewFilter; category: '' | Category }) =>
    get<ReviewList>(`/api/congresses/${congress}/reviews${query(page)}`),
  decide: (id: string, version: number, wish: ReviewWish) =>
    post<{ state: RegistrationState; review: Review }>(`/api/registrations/${id}/review`, { ...wish, version }),
  remind: (id: string) => post(`/api/registrations/${id}/send-link`),
  eraseRegistration: (id: string) => post(`/api/registrations/${id}/erase`),
  cancelRegistration: (id: string) => post(`/api/registrations/${id}/cancel`),
};
