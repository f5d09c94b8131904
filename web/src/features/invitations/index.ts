// Invitations: people of target lists, invited to a congress by name.
import type { Feature } from '../feature';

export const invitations: Feature = {
  name: 'invitations',
  audit: () => import('./audit'),
};
