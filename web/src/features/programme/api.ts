// Programmes as those who write them handle them (server/features/programme/openapi.yaml).
import { get, patch, post, put, remove } from '../../net/api';
import type { List, ProgrammeRole } from '../../net/types';

export interface Speaker {
  id: string;
  name: string;
  affiliation: string;
  country: string;
  biography: string;
}
export type SpeakerFields = Omit<Speaker, 'id'>;

export interface Appearance {
  speaker: string;
  role: ProgrammeRole;
}

export interface WrittenTalk {
  id: string;
  title: string;
  abstract: string;
  start_minute: number;
  minutes: number;
  speakers: Appearance[];
}

export type Warning =
  | { kind: 'overrun'; talk: string }
  | { kind: 'overlap'; talk: string; other: string }
  | { kind: 'speaker'; speaker: string; elsewhere: string };

/** Without what is amiss: as it is sent. */
export interface ProgrammeBody {
  version: string;
  talks: WrittenTalk[];
  speakers: Appearance[];
}
export type WrittenProgramme = ProgrammeBody & { warnings: Warning[] };

/** What the tab shows. */
export interface Written {
  programme: WrittenProgramme;
  people: Speaker[];
}

/** What its dialogs are about. */
export type Doing = { what: 'edit'; talk: WrittenTalk; fresh: boolean } | { what: 'remove'; talk: WrittenTalk };

export const api = {
  programme: (session: string) => get<WrittenProgramme>(`/api/sessions/${session}/programme`),
  writeProgramme: (session: string, body: ProgrammeBody) =>
    put<WrittenProgramme>(`/api/sessions/${session}/programme`, body),
  speakersPath: (congress: string) => `/api/congresses/${congress}/speakers`,
  speakers: (congress: string) => get<List<Speaker>>(`/api/congresses/${congress}/speakers`),
  addSpeaker: (session: string, fields: Partial<SpeakerFields>) =>
    post<Speaker>(`/api/sessions/${session}/speakers`, fields),
  changeSpeaker: (id: string, fields: SpeakerFields) => patch<Speaker>(`/api/speakers/${id}`, fields),
  removeSpeaker: (id: string) => remove(`/api/speakers/${id}`),
};
