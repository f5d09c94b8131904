// Made by `make docs` from server/features/recording/recording_feature.c; not to be edited.
import { array, boolean, nullable, object, oneOf, string, unknown } from '../../net/decode';

export const running = object({ recording: string, at: string });

export const declared = {
  common: object({
    recording: object({
      running: nullable(running),
      automatic: boolean,
      agreed: array(string),
    }),
  }),
  own: object({ recording: object({ agreed: nullable(boolean) }) }),
  events: {
    'recording.started': running,
    'recording.stopped': object({ recording: string, why: oneOf('host', 'ended', 'storage', 'quota') }),
    'recording.consented': object({ person: string, given: boolean }),
    'recording.set': object({ automatic: boolean }),
  },
  states: {  },
  commands: {
    'recording.start': unknown,
    'recording.stop': unknown,
    'recording.consent': unknown,
  },
};
