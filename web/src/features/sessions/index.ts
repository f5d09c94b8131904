// The session itself as it is in a live room: its state, its version, start and end.
import type { Feature } from '../feature';
import { sessionStore } from './store';
import { sessionWords } from './words';

export const sessions: Feature = {
  name: 'sessions',
  errors: () => sessionWords().errors,
  audit: () => import('./audit'),
  store: sessionStore,
};
