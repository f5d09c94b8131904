// Loaded before the feature itself: the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const sessionWords = defineTexts(
  {
    errors: {
      'session.state': 'The state of the session does not allow this.',
      'session.version': 'A colleague just changed this. Here is how it is now.',
    },
  },
  {
    errors: {
      'session.state': 'L’état de la session ne le permet pas.',
      'session.version': 'Un collègue vient de faire une modification. Voici les nouvelles informations.',
    },
  },
);
