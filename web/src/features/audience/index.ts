// Whom a congress wants to reach: target profiles with their goals.
import type { Feature } from '../feature';
import { audienceWords } from './words';

export const audience: Feature = {
  name: 'audience',
  errors: () => audienceWords().errors,
  audit: () => import('./audit'),
  pages: [{ path: '/codes', load: () => import('./CodesPage'), staff: true }],
};
