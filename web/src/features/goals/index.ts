// The goal board of a congress: how far each target profile is from its goals, and who of its target list is not reached yet.
import type { Feature } from '../feature';

export const goals: Feature = {
  name: 'goals',
  audit: () => import('./audit'),
  laterErrors: () => import('./errors'),
  pages: [{ path: '/congresses/:congress/goals/:profile', load: () => import('./PeoplePage'), staff: true }],
};
