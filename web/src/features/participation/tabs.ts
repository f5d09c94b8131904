// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { participationWords } from './words';

export const tabs: FeatureTabs = {
  session: [
    {
      key: 'participation',
      label: () => participationWords().title,
      load: () => import('./ParticipationTab'),
    },
  ],
};
