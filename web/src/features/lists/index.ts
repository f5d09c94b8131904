// Target lists: the people an organisation wants to reach, by name.
import type { Feature } from '../feature';
import { listsTitle } from './words';

export const lists: Feature = {
  name: 'lists',
  audit: () => import('./audit'),
  laterErrors: () => import('./errors'),
  pages: [
    { path: '/target-lists/new', load: () => import('./ImportPages'), staff: true },
    { path: '/target-lists/:list/imports/:import', load: () => import('./ImportPages'), staff: true },
    { path: '/target-lists/:list?', load: () => import('./Pages'), staff: true },
  ],
  navigation: [{ href: '/target-lists', label: listsTitle, icon: 'list', roles: ['organiser'] }],
};
