// server/PROTOCOL.md#session, #joining.
import { array, literal, nullable, number, object, oneOf, optional, string, unknown } from '../../net/decode';
import type { Decoded } from '../../net/decode';

export const sessionState = oneOf('draft', 'lobby', 'live', 'ended', 'cancelled');

export const sessionSnapshot = object({
  id: string,
  title: string,
  description: string,
  language: oneOf('fr', 'en'),
  state: sessionState,
  version: number,
  starts_at: string,
  planned_minutes: number,
  live_at: nullable(string),
  ended_at: nullable(string),
  listen_at: string,
  congress: object({ id: string, title: string, time_zone: string }),
  organisation: object({ name: string, contact_email: string }),
});
export type SessionSnapshot = Decoded<typeof sessionSnapshot>;

export const role = oneOf('hcp', 'organiser', 'host', 'moderator', 'speaker');
export const ownMe = object({ person: string, name: string, roles: array(role) });
export type OwnMe = Decoded<typeof ownMe>;

/** The snapshot's parts; each feature decodes its own. */
export const commonSnapshot = object({
  session: sessionSnapshot,
  slides: unknown,
  questions: unknown,
  polls: unknown,
});
export const ownSnapshot = object({ me: ownMe, questions: optional(unknown), polls: optional(unknown) });

export const events = {
  'session.started': object({ version: number, live_at: string }),
  'session.extended': object({ version: number, planned_minutes: number }),
  'session.ended': object({ version: number, ended_at: string }),
  'session.changed': object({
    title: string,
    starts_at: string,
    planned_minutes: number,
    listen_at: string,
    state: sessionState,
  }),
};

export const greeting = object({ protocol: literal(1), build: string, now: string, ping_ms: number });
/** The answer of session.start, session.extend, session.end and slide.move. */
export const versionAnswer = object({ version: number });
