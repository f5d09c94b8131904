// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { goalsWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
    {
      key: 'goals',
      label: () => goalsWords().title,
      roles: ['organiser', 'host', 'moderator'],
      load: () => import('./GoalsTab'),
    },
  ],
};
