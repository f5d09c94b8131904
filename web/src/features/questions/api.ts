// What moderators see beside the questions (server/features/questions/openapi.yaml).
import { get } from '../../net/api';
import type { List } from '../../net/types';

export interface Asker {
  question: string;
  profession: string;
  specialty: string | null;
  /** Names of the target profiles that the person matches. */
  profiles: string[];
}

export const api = {
  askers: (session: string) => get<List<Asker>>(`/api/sessions/${session}/askers`),
};
