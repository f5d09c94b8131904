// The goal board (server/features/goals/openapi.yaml).
import { get } from '../../net/api';

export interface Counts {
  registered: number;
  attended: number;
  completed: number;
}

export interface ProfileGoals extends Counts {
  id: string;
  name: string;
  goal_registrations: number | null;
  goal_attendees: number | null;
  goal_participation_rate: number | null;
  universe: number | null;
  universe_source: string | null;
  /** Registrations of each of the last seven times 24 hours, the newest last. */
  recent: number[];
}

export interface Board {
  as_of: string;
  /** When the next session that has not begun is planned; null: registrations help no goal any more. */
  next_session_at: string | null;
  sessions_held: number;
  all: Counts;
  no_profile: Counts;
  profiles: ProfileGoals[];
  channels: (Counts & { channel: string })[];
  regions: (Counts & { region: string })[];
  days: { day: string; registered: number }[];
}

export const api = { board: (congress: string) => get<Board>(`/api/congresses/${congress}/goals`) };
