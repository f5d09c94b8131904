// The figures of a session and its exports (server/features/participation/openapi.yaml).
import { get } from '../../net/api';
import type { SessionState } from '../../net/types';
import type { Figures } from './messages';

/** Who reads a file: separator, decimal sign, headers, and how text is protected. */
export type Dialect = 'excel-fr' | 'excel-en' | 'machine';

export const api = {
  participation: (session: string) =>
    get<Figures & { state: SessionState }>(`/api/sessions/${session}/participation`),
  attendancePath: (session: string, dialect: Dialect) =>
    `/api/sessions/${session}/attendance.csv?dialect=${dialect}`,
  participationPath: (session: string, dialect: Dialect) =>
    `/api/sessions/${session}/participation.csv?dialect=${dialect}`,
};
