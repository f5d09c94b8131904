// Signing in, one's own account, the team and the organisation's settings (server/features/accounts/openapi.yaml).
import { get, type ListPage, patch, post, put, query, remove } from '../../net/api';
import type { ConsentKind, Language, List, Me, Role } from '../../net/types';

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

/** A browser that is signed in to one's account. */
export interface SignIn {
  id: string;
  via: 'password' | 'sign_in' | 'invite' | 'password_link';
  created_at: string;
  seen_at: string;
  current: boolean;
}

export interface NewStaff {
  email: string;
  name: string;
  language: Language;
  roles: Role[];
}

export const api = {
  changeMe: (change: { name?: string; language?: Language }) => patch('/api/me', change),
  setPassword: (password: string, current?: string) =>
    put('/api/me/password', current === undefined ? { password } : { password, current }),
  signIns: () => get<List<SignIn>>('/api/me/sign-ins'),
  endSignIn: (id: string) => remove(`/api/me/sign-ins/${id}`),
  signIn: (email: string, password: string) =>
    post<{ me: Me }>('/api/sign-in', { email, password }),
  signInLink: (email: string) => post('/api/sign-in/link', { email }),
  passwordLink: (email: string) => post('/api/sign-in/password-link', { email }),
  signInToken: (token: string) =>
    post<{ me: Me; purpose: 'sign_in' | 'invite' | 'password' }>('/api/sign-in/token', { token }),

  organisation: () => get<Organisation>('/api/organisation'),
  changeOrganisation: (change: Partial<Omit<Organisation, 'id'>>) =>
    patch<Organisation>('/api/organisation', change),
  consents: () => get<List<ConsentText>>('/api/organisation/consents'),
  addConsent: (text: { kind: ConsentKind; text_fr: string; text_en: string }) =>
    post<ConsentText>('/api/organisation/consents', text),
  staff: (page: ListPage = {}) => get<List<StaffMember>>(`/api/staff${query(page)}`),
  inviteStaff: (person: NewStaff) => post<StaffMember>('/api/staff', person),
  changeStaff: (id: string, change: { roles?: Role[]; disabled?: boolean; name?: string }) =>
    patch<StaffMember>(`/api/staff/${id}`, change),
  inviteAgain: (id: string) => post(`/api/staff/${id}/invite`),
};
