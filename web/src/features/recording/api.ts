// Recordings as those who prepare a session handle them (server/features/recording/openapi.yaml).
import { get, post, put, remove } from '../../net/api';
import type { List } from '../../net/types';
import type { StopReason } from './store';

export interface Recording {
  id: string;
  started_at: string;
  stopped_at: string | null;
  why: StopReason | null;
  bytes: number;
  people: { id: string; name: string | null; seconds: number }[];
  gaps: { from: string; seconds: number }[];
  film: { state: 'making' | 'ready' | 'failed'; bytes: number; seconds: number } | null;
}

export const api = {
  recordings: (session: string) =>
    get<List<Recording> & { automatic: boolean }>(`/api/sessions/${session}/recordings`),
  setAutomatic: (session: string, automatic: boolean) =>
    put(`/api/sessions/${session}/recording`, { automatic }),
  makeFilm: (id: string) => post(`/api/recordings/${id}/film`, {}),
  removeRecording: (id: string) => remove(`/api/recordings/${id}`),
  filmPath: (id: string) => `/api/recordings/${id}/film.webm`,
};
