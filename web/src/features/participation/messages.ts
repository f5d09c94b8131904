// The participation part of server/PROTOCOL.md#presence-and-participation.
import { array, type Decoded, nullable, number, object, string, unknown } from '../../net/decode';

const profileFigures = object({
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
const figures = object({
  registered: number,
  present: number,
  attended: number,
  completed: number,
  live_seconds: number,
  profiles: array(profileFigures),
});

export const messages = {
  common: unknown,
  own: unknown,
  events: {},
  /** The tab loads the session again when one of these happens. */
  follows: {
    'session.started': unknown,
    'session.extended': unknown,
    'session.ended': unknown,
    'session.changed': unknown,
  },
  states: { participation: figures },
  commands: {},
};

export type Messages = typeof messages;
export type Figures = Decoded<typeof figures>;
export type ProfileFigures = Decoded<typeof profileFigures>;
