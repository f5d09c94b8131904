// Loaded before the feature itself: the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const sessionWords = defineTexts(
  {
    errors: {
      'session.state': 'The state of the session does not allow this.',
      'session.version': 'Somebody else was faster. This is the present state.',
    },
  },
  {
    errors: {
      'session.state': 'L’état de la session ne le permet pas.',
      'session.version': 'Quelqu’un d’autre a été plus rapide. Voici l’état actuel.',
    },
  },
);
