// Polls: written before the session, opened by the host, answered in the room.
import type { Feature } from '../feature';
import { pollWords } from './words';

export const polls: Feature = {
  name: 'polls',
  errors: () => pollWords().errors,
  audit: () => import('./audit'),
  live: () => import('./live'),
  host: () => import('./host'),
};
