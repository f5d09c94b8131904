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
      'structure.changed': 'Somebody else changed rooms or tracks meanwhile. They are shown as they are now; please make your change again.',
      'structure.used': 'A session still uses it.',
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
      'structure.changed': 'Une autre personne a modifié les salles ou les parcours entre-temps. Les voici à jour ; veuillez refaire votre modification.',
      'structure.used': 'Une session l’utilise encore.',
      'congress.full': 'Ce congrès ne peut pas en contenir davantage.',
    },
  },
);
