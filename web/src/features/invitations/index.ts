// Invitations: people of target lists, invited to a congress by name.
import type { Feature } from '../feature';

export const invitations: Feature = {
  name: 'invitations',
  audit: () => import('./audit'),
  laterErrors: () => import('./errors'),
  pages: [
    { path: '/congresses/:congress/invitations/:round', load: () => import('./RoundPage'), staff: true },
    { path: '/unsubscribe', load: () => import('./UnsubscribePage') },
  ],
};
