// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import { formatNumber } from '../../i18n';
import type { FeatureTabs } from '../feature';
import { congressWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
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
  session: [
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
