// The routes of guest speakers (server/features/guest_speakers/openapi.yaml).
import { get, post, remove } from '../../net/api';
import type { Language, List, Named, Organiser, SessionState, StaffMe } from '../../net/types';

export type GuestState = 'invited' | 'sent' | 'failed' | 'came' | 'taken_back';

export interface Guest {
  id: string;
  name: string;
  /** Null: the link was taken back. */
  email: string | null;
  language: Language;
  /** Who they are in the programme. */
  speaker: Named | null;
  state: GuestState;
  invited_at: string;
  sent_at: string | null;
  came_at: string | null;
  ended_at: string | null;
}

export interface NewGuest {
  name: string;
  email: string;
  language: Language;
  speaker?: string;
}

export interface Preview {
  name: string;
  language: Language;
  organisation: Organiser;
  congress: { title: string; language: Language; time_zone: string };
  session: { id: string; title: string; language: Language; state: SessionState; starts_at: string; planned_minutes: number };
}

const ofSession = (session: string) => `/api/sessions/${session}/guest-speakers`;

export const api = {
  guests: (session: string) => get<List<Guest>>(ofSession(session)),
  /** Whom the programme names, to choose from. */
  programmed: (congress: string) => get<List<Named>>(`/api/congresses/${congress}/speakers`),
  invite: (session: string, guest: NewGuest) => post<Guest>(ofSession(session), guest),
  send: (guest: string) => post<void>(`/api/guest-speakers/${guest}/send`),
  takeBack: (guest: string) => remove(`/api/guest-speakers/${guest}`),
  preview: (token: string) => post<Preview>('/api/guest-speaker/preview', { token }),
  enter: (token: string) => post<{ me: StaffMe }>('/api/guest-speaker', { token }),
};
