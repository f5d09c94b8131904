// Who took part, against the goals of each target profile; exports of it.
import type { Feature } from '../feature';
import { participationWords } from './words';

export const participation: Feature = {
  name: 'participation',
  audit: () => import('./audit'),
  sessionTabs: [
    {
      key: 'participation',
      label: () => participationWords().title,
      load: () => import('./ParticipationTab'),
    },
  ],
  host: () => import('./host'),
};
