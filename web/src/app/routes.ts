// Every page of the product, one line each.
import type { Route } from './router';

export const routes: readonly Route[] = [
  { path: '/sign-in', load: () => import('../features/accounts/SignInPage') },
  {
    path: '/congresses',
    load: () => import('../features/congress/CongressListPage'),
    staff: true,
  },
  { path: '/congresses/:id/:tab?', load: () => import('./CongressPage'), staff: true },
  { path: '/sessions/:id/:tab?', load: () => import('./SessionPage'), staff: true },
  { path: '/team', load: () => import('../features/accounts/TeamPage'), staff: true },
  {
    path: '/organisation',
    load: () => import('../features/accounts/OrganisationPage'),
    staff: true,
  },
  { path: '/audit', load: () => import('../features/audit/AuditPage'), staff: true },
  { path: '/account', load: () => import('../features/accounts/AccountPage'), staff: true },
  { path: '/r/:code', load: () => import('../features/registration/RegisterPage') },
  { path: '/join', load: () => import('../features/registration/JoinPage') },
  { path: '/cancel', load: () => import('../features/registration/CancelPage') },
  { path: '/my', load: () => import('../features/registration/MyPage') },
  { path: '/live/:session', load: () => import('../features/live/LivePage') },
  { path: '/host/:session', load: () => import('../features/host/HostPage'), staff: true },
];
