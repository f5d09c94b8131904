// Loaded before the feature itself: the names of its tabs, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const programmeWords = defineTexts(
  {
    title: 'Programme',
    errors: { 'programme.changed': 'Somebody else changed this programme meanwhile. It is shown as it is now; please make your change again.' },
  },
  {
    title: 'Programme',
    errors: { 'programme.changed': 'Une autre personne a modifié ce programme entre-temps. Le voici à jour ; veuillez refaire votre modification.' },
  },
);
