// Questions of HCPs.
import type { Feature } from '../feature';
import { questionWords } from './words';

export const questions: Feature = {
  name: 'questions',
  errors: () => questionWords().errors,
  audit: () => import('./audit'),
  live: () => import('./live'),
  host: () => import('./host'),
};
