// Decks of slides: uploaded before, moved by the host, followed by everybody.
import type { Feature } from '../feature';
import { slideWords } from './words';

export const slides: Feature = {
  name: 'slides',
  errors: () => slideWords().errors,
  audit: () => import('./audit'),
  live: () => import('./live'),
  host: () => import('./host'),
};
