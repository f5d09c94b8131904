// Polls: written before the session, opened by the host, answered in the room.
import type { Feature } from '../feature';
import { pollWords } from './words';

export const polls: Feature = {
  name: 'polls',
  errors: () => pollWords().errors,
  audit: () => import('./audit'),
  sessionTabs: [{ key: 'polls', label: () => pollWords().title, load: () => import('./PollsTab') }],
  live: () => import('./live'),
  host: () => import('./host'),
};
