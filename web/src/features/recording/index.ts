// Recordings of a session.
import type { Feature } from '../feature';
import { recordingWords } from './words';

export const recording: Feature = {
  name: 'recording',
  errors: () => recordingWords().errors,
  audit: () => import('./audit'),
  sessionTabs: [
    {
      key: 'recordings',
      label: () => recordingWords().title,
      roles: ['organiser', 'host'],
      late: 1, // there is one when everything else is over
      load: () => import('./RecordingsTab'),
    },
  ],
  live: () => import('./live'),
  host: () => import('./host'),
};
