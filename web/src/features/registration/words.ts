// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const registrationWords = defineTexts(
  {
    links: 'Links',
    registrations: 'Registrations',
    errors: {
      'registration.closed': 'Registration is closed.',
      'registration.full': 'All places are taken.',
      'registration.cancelled': 'This registration was cancelled.',
      'link.exists': 'There is a link for this channel and label already.',
    },
  },
  {
    links: 'Liens',
    registrations: 'Inscriptions',
    errors: {
      'registration.closed': 'Les inscriptions sont closes.',
      'registration.full': 'Toutes les places sont prises.',
      'registration.cancelled': 'Cette inscription a été annulée.',
      'link.exists': 'Il existe déjà un lien pour ce canal et ce libellé.',
    },
  },
);
