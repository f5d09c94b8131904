// The figures of a session and its exports (server/features/participation/openapi.yaml).
import { get } from '../../net/api';
import type { SessionState } from '../../net/types';
import type { Figures } from './messages';

export const api = {
  participation: (session: string) =>
    get<Figures & { state: SessionState }>(`/api/sessions/${session}/participation`),
  attendancePath: (session: string) => `/api/sessions/${session}/attendance.csv?bom=1`,
  participationPath: (session: string) => `/api/sessions/${session}/participation.csv?bom=1`,
};
