// The page on which a representative sees who came by their registration link.
import type { Feature } from '../feature';

export const representatives: Feature = {
  name: 'representatives',
  audit: () => import('./audit'),
  pages: [{ path: '/representative', load: () => import('./RepresentativePage') }],
};
