// Who is present in a live room, and whether this tab can be seen.
import type { Feature } from '../feature';
import { presenceStore } from './store';

export const presence: Feature = {
  name: 'presence',
  store: presenceStore,
};
