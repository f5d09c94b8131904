// Target profiles (server/features/audience/openapi.yaml).
import { get, patch, post, remove } from '../../net/api';
import type { Attribute, List } from '../../net/types';

export interface Criterion {
  attribute: Attribute;
  codes: string[];
}

export const MODES = ['all_of', 'any_of', 'none_of'] as const;
export type Mode = (typeof MODES)[number];
export type Criteria = Record<Mode, Criterion[]>;

export interface TargetProfileFields {
  name: string;
  criteria: Criteria;
  goal_registrations: number | null;
  goal_attendees: number | null;
  goal_participation_rate: number | null;
  universe: number | null;
  universe_source: string | null;
}

export interface TargetProfile extends TargetProfileFields {
  id: string;
}

export const api = {
  profiles: (congress: string) =>
    get<List<TargetProfile>>(`/api/congresses/${congress}/target-profiles`),
  addProfile: (congress: string, fields: TargetProfileFields) =>
    post<TargetProfile>(`/api/congresses/${congress}/target-profiles`, fields),
  changeProfile: (id: string, fields: Partial<TargetProfileFields>) =>
    patch<TargetProfile>(`/api/target-profiles/${id}`, fields),
  removeProfile: (id: string) => remove(`/api/target-profiles/${id}`),
  previewProfile: (congress: string, criteria: Criteria) =>
    post<{ registered: number }>(`/api/congresses/${congress}/target-profiles/preview`, {
      criteria,
    }),
};
