// Made by `make docs` from server/features/stage/stage_feature.c; not to be edited.
import {
  array,
  boolean,
  nullable,
  number,
  object,
  oneOf,
  optional,
  string,
  unknown,
} from '../../net/decode';

export const hand = object({ person: string, name: string, at: string });
export const layout = oneOf('slide', 'speaker', 'screen');
export const role = oneOf('speaker', 'host', 'moderator', 'organiser');
export const place = oneOf('invited', 'backstage', 'stage');
export const person = object({
  id: string,
  name: string,
  kind: oneOf('account', 'registration'),
  role: nullable(role),
  place,
  picture: boolean,
  muted: boolean,
  camera_off: boolean,
  screen: boolean,
  since: string,
});

export const declared = {
  common: object({
    stage: object({ layout, spotlight: nullable(string), people: array(person) }),
    hands: array(hand),
  }),
  own: object({
    stage: object({
      hand: nullable(string),
      invited: nullable(object({ picture: boolean })),
    }),
  }),
  events: {
    'stage.entered': object({ person }),
    'stage.moved': object({ person }),
    'stage.changed': object({ person }),
    'stage.left': object({ person: string, why: oneOf('exit', 'removed', 'lost') }),
    'stage.spotlight': object({ person: nullable(string) }),
    'stage.layout': object({ layout }),
    'stage.invited': object({ person }),
    'stage.declined': object({ person: string }),
    'hand.raised': object({ hand }),
    'hand.lowered': object({ person: string }),
    'stage.renamed': object({ person: string, name: string }),
    'stage.erased': object({ person: string }),
  },
  states: {
    'stage.streams': object({ person: string, stream: nullable(number), lost_at: optional(string) }),
    'stage.speaking': object({ person: nullable(string), stream: nullable(number) }),
  },
  commands: {
    'stage.enter': unknown,
    'stage.exit': unknown,
    'stage.move': unknown,
    'stage.remove': unknown,
    'stage.mute': unknown,
    'stage.camera': unknown,
    'stage.screen': unknown,
    'stage.spotlight': unknown,
    'stage.layout': unknown,
    'stage.invite': unknown,
    'stage.decline': unknown,
    'hand.raise': object({ at: string }),
    'hand.lower': unknown,
    'media.watch': unknown,
    'media.hearing': unknown,
  },
};
