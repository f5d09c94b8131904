// Voice, picture and screens of a session: who is on its stage, and who would like to be.
import type { Feature } from '../feature';
import { stageStore } from './store';
import { stageWords } from './words';

export const stage: Feature = {
  name: 'stage',
  errors: () => stageWords().errors,
  store: stageStore,
  live: () => import('./live'),
  host: () => import('./host'),
};
