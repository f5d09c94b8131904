// Congresses and their sessions (server/features/congress/openapi.yaml).
import { get, type ListPage, patch, post, put, query } from '../../net/api';
import type {
  Congress,
  CongressFields,
  Language,
  List,
  Named,
  Session,
  SessionFields,
} from '../../net/types';

export interface CongressSummary {
  id: string;
  title: string;
  language: Language;
  time_zone: string;
  created_at: string;
  session_count: number;
  /** Of the sessions that did not end, and of those that did. */
  next_starts_at: string | null;
  last_starts_at: string | null;
  registered: number;
}

export const api = {
  congresses: (page: ListPage = {}) => get<List<CongressSummary>>(`/api/congresses${query(page)}`),
  congress: (id: string) => get<Congress>(`/api/congresses/${id}`),
  addCongress: (fields: CongressFields) => post<Congress>('/api/congresses', fields),
  changeCongress: (id: string, fields: Partial<CongressFields>) =>
    patch<Congress>(`/api/congresses/${id}`, fields),
  copyCongress: (fields: { congress: string; title: string; first_day: string }) =>
    post<Congress>('/api/congress-copies', fields),
  writeStructure: (congress: string, body: { version: string; halls: Named[]; tracks: Named[] }) =>
    put<Congress>(`/api/congresses/${congress}/structure`, body),
  addSession: (congress: string, fields: SessionFields) =>
    post<Session>(`/api/congresses/${congress}/sessions`, fields),
  session: (id: string) => get<Session>(`/api/sessions/${id}`),
  /** `tell` false: other words are a mere correction, which nobody is told. */
  changeSession: (id: string, fields: Partial<SessionFields> & { tell?: boolean }) =>
    patch<Session>(`/api/sessions/${id}`, fields),
  /** Of a session that ended; all its figures follow. */
  correctEnd: (id: string, ended_at: string) => patch<Session>(`/api/sessions/${id}`, { ended_at }),
  publishSession: (id: string) => post<Session>(`/api/sessions/${id}/publish`),
  tellSession: (id: string) => post<Session>(`/api/sessions/${id}/tell`),
  cancelSession: (id: string) => post<Session>(`/api/sessions/${id}/cancel`),
};
