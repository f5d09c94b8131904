// Rounds of invitations, the invited, and opting out (server/features/invitations/openapi.yaml).
import { get, type ListPage, patch, post, put, query, remove } from '../../net/api';
import type { Language, List, Organiser } from '../../net/types';

export type Channel = 'mail' | 'crm';
export type RoundState = 'draft' | 'sending' | 'sent' | 'cancelled' | 'failed';

export const TEXTS = ['subject_fr', 'text_fr', 'subject_en', 'text_en'] as const;
export type Texts = Record<(typeof TEXTS)[number], string>;

export interface Source {
  /** Null: it was removed. */
  id: string | null;
  name: string;
}

export interface Round extends Texts {
  id: string;
  congress: string;
  channel: Channel;
  state: RoundState;
  target_list: Source;
  /** Null: the whole list. */
  target_profile: Source | null;
  /** Why people are invited who were invited too often lately. */
  overrule: string | null;
  /** Whom it invites; null: that is not decided yet. */
  people: number | null;
  invited: number;
  made_by: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** Why somebody is left out; the first that is true. */
export const REASONS = ['registered', 'invited', 'no_address', 'no_id', 'opted_out', 'bounced', 'twice', 'pressure'] as const;
export type Reason = (typeof REASONS)[number];

export interface Audience {
  people: number;
  invited: number;
  /** Of those invited; the others are written to in English. */
  french: number;
  left_out: Record<Reason, number>;
}

export interface LeftOut {
  id: string;
  external_id: string | null;
  email: string | null;
  first_name: string;
  last_name: string;
  reason: Reason;
}

export interface Preview {
  language: Language;
  subject: string;
  text: string;
  html: string;
}

/** How each of the invited stands: in exactly one of these. */
export const STATES = ['queued', 'invited', 'opened', 'registered', 'waiting', 'declined', 'opted_out', 'bounced'] as const;
export type InvitedState = (typeof STATES)[number];

export interface Invited {
  id: string;
  round: string;
  external_id: string | null;
  email: string | null;
  first_name: string;
  last_name: string;
  language: Language;
  invited_at: string | null;
  state: InvitedState;
}

export interface InvitedFilters {
  q: string;
  state: '' | InvitedState;
  round: string;
}

export type InvitedCounts = Record<InvitedState, number>;

/** At most `most` congresses in `days` days for each address. */
export interface Pressure {
  most: number;
  days: number;
}

export interface OptOut {
  organisation: Organiser;
  language: Language;
  opted_out: boolean;
}

const of = (congress: string) => `/api/congresses/${congress}`;
const path = (round: string) => `/api/invitation-rounds/${round}`;

export const api = {
  rounds: (congress: string) => get<List<Round>>(`${of(congress)}/invitation-rounds`),
  begin: (congress: string, round: { channel: Channel; target_list: string; target_profile?: string }) =>
    post<Round>(`${of(congress)}/invitation-rounds`, round),
  round: (id: string) => get<Round>(path(id)),
  change: (id: string, texts: Partial<Texts>) => patch<Round>(path(id), texts),
  remove: (id: string) => remove(path(id)),
  audience: (id: string) => get<Audience>(`${path(id)}/audience`),
  leftOut: (id: string, page: ListPage & { reason: string }) => get<List<LeftOut>>(`${path(id)}/left-out${query({ ...page })}`),
  preview: (id: string, language: Language) => get<Preview>(`${path(id)}/preview${query({ language })}`),
  test: (id: string, language: Language) => post(`${path(id)}/test`, { language }),
  send: (id: string, overrule: string | null) => post<Round>(`${path(id)}/send`, overrule ? { overrule } : {}),
  cancel: (id: string) => post<Round>(`${path(id)}/cancel`),
  linksPath: (id: string, dialect: 'excel-fr' | 'excel-en') => `${path(id)}/links.csv?dialect=${dialect}`,
  invited: (congress: string, page: ListPage & InvitedFilters) =>
    get<List<Invited> & { counts: InvitedCounts }>(`${of(congress)}/invitations${query({ ...page })}`),
  forget: (congress: string, id: string) => remove(`${of(congress)}/invitations/${id}`),
  pressure: () => get<Pressure>('/api/contact-pressure'),
  setPressure: (pressure: Pressure) => put<Pressure>('/api/contact-pressure', pressure),
  optOut: (token: string) => post<OptOut>('/api/opt-outs/preview', { token }),
  setOptOut: (token: string, out: boolean) => post<OptOut>(out ? '/api/opt-outs' : '/api/opt-outs/undo', { token }),
};
