// Congresses and the sessions in them, as they are prepared.
import { formatNumber } from '../../i18n';
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
  congressTabs: [
    {
      key: 'overview',
      label: () => congressWords().overview,
      load: () => import('./OverviewTab'),
    },
    {
      key: 'sessions',
      label: () => congressWords().sessions,
      count: ({ congress }) => formatNumber(congress.sessions.length),
      load: () => import('./SessionsTab'),
    },
    {
      key: 'settings',
      label: () => congressWords().settings,
      roles: ['organiser'],
      late: 2,
      load: () => import('./CongressSettings'),
    },
  ],
  sessionTabs: [
    {
      key: 'overview',
      label: () => congressWords().overview,
      load: () => import('./SessionOverview'),
    },
    {
      key: 'settings',
      label: () => congressWords().settings,
      roles: ['organiser'],
      late: 2,
      load: () => import('./SessionSettings'),
    },
  ],
};
