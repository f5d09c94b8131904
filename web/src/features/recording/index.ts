// Recordings of a session.
import type { Feature } from '../feature';
import { recordingWords } from './words';

export const recording: Feature = {
  name: 'recording',
  errors: () => recordingWords().errors,
  audit: () => import('./audit'),
  live: () => import('./live'),
  host: () => import('./host'),
};
