// Who took part, against the goals of each target profile; exports of it.
import type { Feature } from '../feature';

export const participation: Feature = {
  name: 'participation',
  audit: () => import('./audit'),
  host: () => import('./host'),
};
