// The tabs that the pages of a congress and of a session get from here (app/tabs.ts).
import type { FeatureTabs } from '../feature';
import { recordingWords } from './words';

export const tabs: FeatureTabs = {
  session: [
    {
      key: 'recordings',
      label: () => recordingWords().title,
      roles: ['organiser', 'host'],
      late: 1, // there is one when everything else is over
      load: () => import('./RecordingsTab'),
    },
  ],
};
