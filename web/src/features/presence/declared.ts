// Made by `make docs` from server/features/presence/presence_feature.c; not to be edited.
import { number, object, unknown } from '../../net/decode';

export const declared = {
  common: unknown,
  own: unknown,
  events: {  },
  states: { 'presence.count': object({ people: number }) },
  commands: { 'presence.visible': unknown },
};
