// The stage's part of server/features/stage/PROTOCOL.md.
import { type Decoded, number, object, optional, unknown } from '../../net/decode';
import { declared, type hand, type layout, type person } from './declared';

/** Of the slides the stage knows whether one is on: without any, somebody has the large place. */
const slides = object({ slides: optional(object({ position: unknown })) });

export const messages = {
  ...declared,
  common: (value: unknown, where = '') => ({ ...declared.common(value, where), ...slides(value, where) }),
  follows: {
    'slide.moved': object({ media: optional(object({ stream: number, timestamp: number })) }),
  },
};

export type Messages = typeof messages;
export type StagePerson = Decoded<typeof person>;
export type Hand = Decoded<typeof hand>;
export type Layout = Decoded<typeof layout>;
