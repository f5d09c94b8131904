// Every page of the product, one line each.
import type { Route } from './router';

export const routes: readonly Route[] = [
  { path: '/sign-in', load: () => import('../features/accounts/SignInPage') },
];
