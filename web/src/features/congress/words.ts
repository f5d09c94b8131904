// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const congressWords = defineTexts(
  {
    title: 'Congresses',
    overview: 'Overview',
    sessions: 'Sessions',
    settings: 'Settings',
    errors: {
      'name.taken': 'This name is taken already.',
      'congress.full': 'This congress holds as many of these as it can.',
    },
  },
  {
    title: 'Congrès',
    overview: 'Vue d’ensemble',
    sessions: 'Sessions',
    settings: 'Réglages',
    errors: {
      'name.taken': 'Ce nom est déjà pris.',
      'congress.full': 'Ce congrès ne peut pas en contenir davantage.',
    },
  },
);
