// The presence part of server/PROTOCOL.md#presence-and-participation.
import { number, object, unknown } from '../../net/decode';

export const messages = {
  common: unknown,
  own: unknown,
  events: {},
  states: { 'presence.count': object({ people: number }) },
  commands: { 'presence.visible': unknown },
};

export type Messages = typeof messages;
