// Made by `make docs` from server/features/participation/participation_feature.c; not to be edited.
import { array, nullable, number, object, string, unknown } from '../../net/decode';

export const some_figures = object({
  registered: number,
  present: number,
  attended: number,
  completed: number,
});
export const profile = object({
  id: string,
  name: string,
  goal_registrations: nullable(number),
  goal_attendees: nullable(number),
  goal_completions: nullable(number),
  goal_participation_rate: nullable(number),
  goal_completion_rate: nullable(number),
  universe: nullable(number),
  universe_source: nullable(string),
  registered: number,
  present: number,
  attended: number,
  completed: number,
});
export const figures = object({
  registered: number,
  present: number,
  attended: number,
  completed: number,
  live_seconds: number,
  no_profile: some_figures,
  others: some_figures,
  profiles: array(profile),
});

export const declared = {
  common: unknown,
  own: unknown,
  events: {  },
  states: { participation: figures },
  commands: {  },
};
