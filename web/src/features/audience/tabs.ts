// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { audienceWords } from './words';

export const tabs: FeatureTabs = {
  congress: [
    { key: 'audience', label: () => audienceWords().audience, load: () => import('./AudienceTab') },
  ],
};
