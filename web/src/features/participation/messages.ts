// The participation part of server/PROTOCOL.md#presence-and-participation.
import { type Decoded, unknown } from '../../net/decode';
import { declared, type figures, type profile, type some_figures } from './declared';

export const messages = {
  ...declared,
  /** The tab loads the session again when one of these happens. */
  follows: {
    'session.started': unknown,
    'session.extended': unknown,
    'session.ended': unknown,
    'session.changed': unknown,
  },
};

export type Messages = typeof messages;
export type Figures = Decoded<typeof figures>;
export type Counts = Decoded<typeof some_figures>;
export type ProfileFigures = Decoded<typeof profile>;
