// The figures of a session and its exports (server/features/participation/openapi.yaml).
import { get, put } from '../../net/api';
import type { SessionState } from '../../net/types';
import type { Figures } from './messages';

/** Who reads a file: separator, decimal sign, headers, and how text is protected. */
export type Dialect = 'excel-fr' | 'excel-en' | 'machine';

/** A target profile's goals for one session alone. */
export interface SessionGoals {
  id: string;
  name: string;
  goal_attendees: number | null;
  goal_completions: number | null;
  goal_participation_rate: number | null;
  goal_completion_rate: number | null;
}

export const api = {
  goals: async (session: string) => (await get<{ items: SessionGoals[] }>(`/api/sessions/${session}/goals`)).items,
  setGoals: (session: string, profiles: Omit<SessionGoals, 'name'>[]) => put(`/api/sessions/${session}/goals`, { profiles }),
  participation: (session: string) =>
    get<Figures & { state: SessionState }>(`/api/sessions/${session}/participation`),
  attendancePath: (session: string, dialect: Dialect) =>
    `/api/sessions/${session}/attendance.csv?dialect=${dialect}`,
  participationPath: (session: string, dialect: Dialect) =>
    `/api/sessions/${session}/participation.csv?dialect=${dialect}`,
};
