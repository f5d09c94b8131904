// The goal board of a congress: how far each target profile is from its goals.
import type { Feature } from '../feature';

export const goals: Feature = {
  name: 'goals',
};
