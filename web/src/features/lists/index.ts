// Target lists: the people an organisation wants to reach, by name.
import type { Feature } from '../feature';
import { listsTitle } from './words';

export const lists: Feature = {
  name: 'lists',
  audit: () => import('./audit'),
  pages: [{ path: '/target-lists/:list?', load: () => import('./Pages'), staff: true }],
  navigation: [{ href: '/target-lists', label: listsTitle, icon: 'list', roles: ['organiser'] }],
};
