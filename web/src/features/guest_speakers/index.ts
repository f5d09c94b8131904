// Speakers without an account: inviting them to a session, and the page that their link opens.
import type { Feature } from '../feature';

export const guestSpeakers: Feature = {
  name: 'guest_speakers',
  audit: () => import('./audit'),
  laterErrors: () => import('./errors'),
  pages: [{ path: '/speaker', load: () => import('./SpeakerPage') }],
};
