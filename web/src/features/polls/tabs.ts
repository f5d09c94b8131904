// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { pollWords } from './words';

export const tabs: FeatureTabs = {
  session: [{ key: 'polls', label: () => pollWords().title, load: () => import('./PollsTab') }],
};
