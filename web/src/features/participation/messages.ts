// server/PROTOCOL.md#presence-and-participation.
import { array, type Decoded, nullable, number, object, string } from '../../net/decode';

export const profileFigures = object({
  id: string,
  name: string,
  goal_registrations: nullable(number),
  goal_attendees: nullable(number),
  goal_participation_rate: nullable(number),
  universe: nullable(number),
  universe_source: nullable(string),
  registered: number,
  present: number,
  attended: number,
  completed: number,
});
export const participation = object({
  registered: number,
  present: number,
  attended: number,
  completed: number,
  live_seconds: number,
  profiles: array(profileFigures),
});
export type ParticipationFigures = Decoded<typeof participation>;
export const states = { participation };
