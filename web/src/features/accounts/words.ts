// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const accountWords = defineTexts(
  {
    team: 'Team',
    organisation: 'Organisation',
    errors: {
      'link.used': 'This link was already used. Ask for a new one.',
      'link.expired': 'This link is no longer valid. Ask for a new one.',
    },
  },
  {
    team: 'Équipe',
    organisation: 'Organisation',
    errors: {
      'link.used': 'Ce lien a déjà été utilisé. Demandez-en un nouveau.',
      'link.expired': 'Ce lien n’est plus valable. Demandez-en un nouveau.',
    },
  },
);
