// Signing in, one's own account, the team and the organisation.
import type { Feature } from '../feature';
import { accountWords } from './words';

export const accounts: Feature = {
  name: 'accounts',
  errors: () => accountWords().errors,
  laterErrors: () => import('./errors'),
  audit: () => import('./audit'),
  proof: () => import('./ProofDialog'),
  pages: [
    { path: '/sign-in', load: () => import('./SignInPage') },
    { path: '/team', load: () => import('./TeamPage'), staff: true },
    { path: '/organisation', load: () => import('./OrganisationPage'), staff: true },
    { path: '/account', load: () => import('./AccountPage'), staff: true },
  ],
  navigation: [
    { href: '/team', label: () => accountWords().team, icon: 'people', roles: ['organiser'] },
    {
      href: '/organisation',
      label: () => accountWords().organisation,
      icon: 'building',
      roles: ['organiser'],
    },
  ],
};
