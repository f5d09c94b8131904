// Whom a congress wants to reach: target profiles with their goals.
import type { Feature } from '../feature';

export const audience: Feature = {
  name: 'audience',
  laterErrors: () => import('./errors'),
  audit: () => import('./audit'),
  pages: [{ path: '/codes', load: () => import('./CodesPage'), staff: true }],
};
