// Congresses and the sessions in them, as they are prepared.
import type { Feature } from '../feature';
import { congressWords } from './words';

export const congress: Feature = {
  name: 'congress',
  errors: () => congressWords().errors,
  audit: () => import('./audit'),
  pages: [{ path: '/congresses', load: () => import('./CongressListPage'), staff: true }],
  navigation: [
    {
      href: '/congresses',
      also: '/sessions',
      label: () => congressWords().title,
      icon: 'calendar',
    },
  ],
};
