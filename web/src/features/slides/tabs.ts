// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { slideWords } from './words';

export const tabs: FeatureTabs = {
  session: [
    { key: 'slides', label: () => slideWords().title, load: () => import('./DecksTab') },
  ],
};
