// The session part of server/PROTOCOL.md#session.
import { array, number, object, oneOf, optional, string } from '../../net/decode';

export const stateWord = oneOf('draft', 'lobby', 'live', 'ended', 'cancelled');

const congress = object({ id: string, title: string, time_zone: string });
const organisation = object({ name: string, contact_email: string });

export const liveSession = object({
  id: string,
  title: string,
  description: string,
  language: oneOf('fr', 'en'),
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

export const me = object({ person: string, name: string, roles: array(string) });

export const started = object({ version: number, live_at: string });
export const extended = object({ version: number, planned_minutes: number });
export const ended = object({ version: number, ended_at: string });
export const changed = object({
  title: string,
  description: string,
  language: oneOf('fr', 'en'),
  starts_at: string,
  planned_minutes: number,
  listen_at: string,
  state: stateWord,
  congress,
  organisation,
});
export const versioned = object({ version: number });

export type LiveSession = ReturnType<typeof liveSession>;
export type Person = ReturnType<typeof me>;
