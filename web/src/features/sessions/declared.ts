// Made by `make docs` from server/features/sessions/sessions_feature.c; not to be edited.
import { array, nullable, number, object, oneOf, string } from '../../net/decode';

export const congress = object({ id: string, title: string, time_zone: string });
export const language = oneOf('fr', 'en');
export const state = oneOf('draft', 'lobby', 'live', 'ended', 'cancelled');
export const organisation = object({ name: string, contact_email: string });
export const edited = object({
  title: string,
  description: string,
  language,
  starts_at: string,
  planned_minutes: number,
  listen_at: string,
  state,
  congress,
  organisation,
});
export const role = oneOf('hcp', 'organiser', 'host', 'moderator', 'speaker');
export const person = object({ person: string, name: string, roles: array(role) });
export const session = object({
  id: string,
  title: string,
  description: string,
  language,
  state,
  version: number,
  starts_at: string,
  planned_minutes: number,
  live_at: nullable(string),
  ended_at: nullable(string),
  listen_at: string,
  congress,
  organisation,
});
export const shown = object({
  title: string,
  language,
  state,
  starts_at: string,
  planned_minutes: number,
});

export const declared = {
  common: object({ session }),
  own: object({ me: person }),
  events: {
    'session.changed': edited,
    'session.started': object({ version: number, live_at: string }),
    'session.extended': object({ version: number, planned_minutes: number }),
    'session.ended': object({ version: number, ended_at: string }),
  },
  states: {  },
  commands: {
    'session.start': object({ version: number }),
    'session.extend': object({ version: number }),
    'session.end': object({ version: number }),
  },
};
