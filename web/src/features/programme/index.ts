// The programme of a session: its talks, and who gives them.
import type { Feature } from '../feature';
import { programmeWords } from './words';

export const programme: Feature = {
  name: 'programme',
  errors: () => programmeWords().errors,
  audit: () => import('./audit'),
  live: () => import('./live'),
  host: () => import('./host'),
};
