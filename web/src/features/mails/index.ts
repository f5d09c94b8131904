// The mails of a congress: reminders and farewells, the organisation's own texts, and what is planned next.
import type { Feature } from '../feature';

export const mails: Feature = {
  name: 'mails',
  audit: () => import('./audit'),
  laterErrors: () => import('./errors'),
  pages: [{ path: '/congresses/:congress/mails/:kind', load: () => import('./TextPage'), staff: true }],
};
