// Made by `make docs` from server/features/programme/programme_feature.c; not to be edited.
import { array, number, object, oneOf, string, unknown } from '../../net/decode';

export const speaking = object({
  name: string,
  affiliation: string,
  country: string,
  role: oneOf('chair', 'speaker', 'panellist', 'moderator'),
});
export const talk = object({
  id: string,
  title: string,
  start_minute: number,
  minutes: number,
  speakers: array(speaking),
});
export const programme = object({ speakers: array(speaking), talks: array(talk) });

export const declared = {
  common: object({ programme }),
  own: unknown,
  events: { 'programme.changed': object({ programme }) },
  states: {  },
  commands: {  },
};
