// The tabs that the page of a session gets from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { programmeWords } from './words';

export const tabs: FeatureTabs = {
  session: [{ key: 'programme', label: () => programmeWords().title, load: () => import('./ProgrammeTab') }],
};
