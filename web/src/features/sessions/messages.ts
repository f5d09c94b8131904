// The session part of server/PROTOCOL.md#session.
import { array, type Decoded, number, object, oneOf, optional, string, unknown } from '../../net/decode';

const stateWord = oneOf('draft', 'lobby', 'live', 'ended', 'cancelled');
const language = oneOf('fr', 'en');
const congress = object({ id: string, title: string, time_zone: string });
const organisation = object({ name: string, contact_email: string });
const session = object({
  id: string,
  title: string,
  description: string,
  language,
  state: stateWord,
  version: number,
  starts_at: string,
  planned_minutes: number,
  live_at: optional(string),
  ended_at: optional(string),
  listen_at: string,
  congress,
  organisation,
});
const person = object({ person: string, name: string, roles: array(string) });

export const messages = {
  common: object({ session }),
  own: object({ me: person }),
  events: {
    'session.started': object({ version: number, live_at: string }),
    'session.extended': object({ version: number, planned_minutes: number }),
    'session.ended': object({ version: number, ended_at: string }),
    'session.changed': object({
      title: string,
      description: string,
      language,
      starts_at: string,
      planned_minutes: number,
      listen_at: string,
      state: stateWord,
      congress,
      organisation,
    }),
  },
  /** A moved slide counts the session's version up. */
  follows: { 'slide.moved': object({ version: number }) },
  states: {},
  commands: { 'session.start': unknown, 'session.extend': unknown, 'session.end': unknown },
};

export type Messages = typeof messages;
export type LiveSession = Decoded<typeof session>;
export type Person = Decoded<typeof person>;
