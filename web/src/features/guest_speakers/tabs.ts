// The tab that the page of a session gets from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { guestWords } from './words';

export const tabs: FeatureTabs = {
  session: [
    {
      key: 'guest-speakers',
      label: () => guestWords().title,
      roles: ['organiser', 'host'],
      load: () => import('./GuestsTab'),
    },
  ],
};
