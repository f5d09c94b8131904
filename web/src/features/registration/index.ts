// Registering for a congress, the personal link, and the links and registrations that organisers see.
import type { Feature } from '../feature';
import { registrationWords } from './words';

export const registration: Feature = {
  name: 'registration',
  errors: () => registrationWords().errors,
  audit: () => import('./audit'),
  pages: [
    { path: '/r/:code', load: () => import('./RegisterPage') },
    { path: '/invitation', load: () => import('./InvitationPage') },
    { path: '/join', load: () => import('./JoinPage') },
    { path: '/cancel', load: () => import('./CancelPage') },
    { path: '/my', load: () => import('./MyPage') },
  ],
};
