// Registering, one's own registration, and links and registrations for organisers (server/features/registration/openapi.yaml).
import { get, type ListPage, patch, post, query } from '../../net/api';
import type { ConsentKind, Language, List, MyRegistration, PublicSession } from '../../net/types';

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

const pageOf = (code: string) => `/api/registration-pages/${encodeURIComponent(code)}`;

export const api = {
  registrationPage: (code: string) => get<RegistrationPage>(pageOf(code)),
  register: (code: string, form: RegistrationForm) => post(pageOf(code), form),
  sendLink: (code: string, email: string) => post(`${pageOf(code)}/send-link`, { email }),
  join: (token: string) => post<{ registration: MyRegistration }>('/api/join', { token }),
  cancelByLink: (token: string) => post('/api/join/cancel', { token }),
  myRegistration: () => get<MyRegistration>('/api/my/registration'),
  changeMyName: (name: { first_name: string; last_name: string }) =>
    patch<MyRegistration>('/api/my/registration', name),
  cancelMine: () => post('/api/my/cancel'),
  myDataPath: '/api/my/data',

  links: (congress: string) => get<List<RegistrationLink>>(`/api/congresses/${congress}/links`),
  addLink: (congress: string, channel: string, label: string) =>
    post<RegistrationLink>(`/api/congresses/${congress}/links`, { channel, label }),
  registrations: (congress: string, page: ListPage & { q?: string }) =>
    get<List<Registration>>(`/api/congresses/${congress}/registrations${query(page)}`),
  eraseRegistration: (id: string) => post(`/api/registrations/${id}/erase`),
  cancelRegistration: (id: string) => post(`/api/registrations/${id}/cancel`),
};
