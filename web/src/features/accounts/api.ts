// Signing in, one's own account, the team and the organisation's settings (server/features/accounts/openapi.yaml).
import { get, type ListPage, patch, post, put, query, remove, upload } from '../../net/api';
import type { ConsentKind, Language, List, Organiser, Role, StaffMe } from '../../net/types';

/** The looks of the organisation's own pages; null: the product's colour, no logo. */
export type BrandingValue = Pick<Organiser, 'accent' | 'logo'>;

export interface Organisation {
  id: string;
  name: string;
  contact_email: string;
  privacy_notice_fr: string;
  privacy_notice_en: string;
  second_factor_required: boolean;
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
  last_sign_in_at: string | null;
  /** Until when the invitation that was not used works. */
  invited_until: string | null;
  second_factor: boolean;
}

/** A browser that is signed in to one's account. */
export interface SignIn {
  id: string;
  via: 'password' | 'sign_in' | 'invite' | 'password_link' | 'passkey' | 'guest';
  created_at: string;
  seen_at: string;
  current: boolean;
}

export type Purpose = 'sign_in' | 'invite' | 'password';

/** A right password or link of somebody who has, or must have, a second factor. */
export interface Half {
  needs: 'code' | 'set_up';
  ways: ('passkey' | 'totp' | 'recovery')[];
}

/** Where a password, a link or a code leads to. */
export type Entry = { me: StaffMe; purpose?: Purpose } | { half: Half };

export interface Entered {
  me: StaffMe;
  purpose: Purpose;
}

export interface TotpSecret {
  secret: string;
  issuer: string;
  account: string;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  used_at: string | null;
  backed_up: boolean;
}

/** What the server wants a passkey to sign, and what the browser says of it; bytes are base64url. */
export interface PasskeyAsked {
  challenge: string;
  rp_id: string;
  allow: string[];
}

export interface PasskeyUsed {
  id: string;
  client_data: string;
  authenticator_data: string;
  signature: string;
  user: string | null;
}

/** The same when one is made. */
export interface PasskeyToMake {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user: { id: string; name: string; display_name: string };
  exclude: string[];
}

export interface PasskeyMade {
  client_data: string;
  attestation: string;
}

export interface Factors {
  passkeys: Passkey[];
  totp: { since: string } | null;
  recovery_codes: number;
  required: boolean;
}

/** How one may show once more that it is oneself. */
export type ProofWay = 'password' | 'passkey' | 'totp' | 'recovery' | 'mail';

/** Null: those that the account has stay. */
export interface NewCodes {
  recovery_codes: string[] | null;
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
    post<Entry>('/api/sign-in', { email, password }),
  signInLink: (email: string) => post('/api/sign-in/link', { email }),
  passwordLink: (email: string) => post('/api/sign-in/password-link', { email }),
  signInToken: (token: string) =>
    post<Entry>('/api/sign-in/token', { token }),
  half: () => get<{ half: Half | null }>('/api/sign-in/half'),
  dropHalf: () => remove('/api/sign-in/half'),
  askPasskey: () => post<PasskeyAsked>('/api/sign-in/passkey/challenge'),
  signInByPasskey: (used: PasskeyUsed) => post<Entered>('/api/sign-in/passkey', used),
  askNewPasskey: () => post<PasskeyToMake>('/api/me/passkeys/challenge'),
  addPasskey: (made: PasskeyMade & { name: string }) => post<NewCodes>('/api/me/passkeys', made),
  removePasskey: (id: string) => remove(`/api/me/passkeys/${id}`),
  askProofPasskey: () => post<PasskeyAsked>('/api/me/proof/passkey/challenge'),
  proveByPasskey: (used: PasskeyUsed) => post('/api/me/proof/passkey', used),
  finishHalf: (code: string) => post<Entered>('/api/sign-in/half/code', { code }),
  setUpAtHalf: () => post<TotpSecret>('/api/sign-in/half/totp'),
  confirmAtHalf: (code: string) =>
    post<Entered & NewCodes>('/api/sign-in/half/totp/confirm', { code }),

  factors: () => get<Factors>('/api/me/factors'),
  setUpTotp: () => post<TotpSecret>('/api/me/totp'),
  removeTotp: () => remove('/api/me/totp'),
  renewCodes: () => post<{ recovery_codes: string[] }>('/api/me/recovery-codes'),
  proof: () => get<{ fresh: boolean; ways: ProofWay[] }>('/api/me/proof'),
  proveByPassword: (password: string) => post('/api/me/proof/password', { password }),
  proveByCode: (code: string) => post('/api/me/proof/code', { code }),
  mailProof: () => post('/api/me/proof/mail'),
  confirmTotp: (code: string) => post<NewCodes>('/api/me/totp/confirm', { code }),

  branding: () => get<BrandingValue>('/api/organisation/branding'),
  changeAccent: (accent: string | null) => patch<BrandingValue>('/api/organisation/branding', { accent }),
  sendLogo: (file: File) => upload<BrandingValue>('/api/organisation/logo', file, file.type, () => undefined),
  removeLogo: () => remove<BrandingValue>('/api/organisation/logo'),
  organisation: () => get<Organisation>('/api/organisation'),
  changeOrganisation: (change: Partial<Omit<Organisation, 'id'>>) =>
    patch<Organisation>('/api/organisation', change),
  requireFactor: (required: boolean) =>
    put<Organisation>('/api/organisation/second-factor', { required }),
  consents: () => get<List<ConsentText>>('/api/organisation/consents'),
  addConsent: (text: { kind: ConsentKind; text_fr: string; text_en: string }) =>
    post<ConsentText>('/api/organisation/consents', text),
  staff: (page: ListPage = {}) => get<List<StaffMember>>(`/api/staff${query(page)}`),
  inviteStaff: (person: NewStaff) => post<StaffMember>('/api/staff', person),
  changeStaff: (id: string, change: { roles?: Role[]; disabled?: boolean; name?: string }) =>
    patch<StaffMember>(`/api/staff/${id}`, change),
  resetFactors: (id: string) => remove(`/api/staff/${id}/factors`),
  inviteAgain: (id: string) => post(`/api/staff/${id}/invite`),
};
