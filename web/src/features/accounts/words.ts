// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const accountWords = defineTexts(
  {
    team: 'Team',
    organisation: 'Organisation',
    errors: {
      'auth.failed': 'The e-mail address or the password is not right.',
      'link.used': 'This link was already used. Ask for a new one.',
      'link.expired': 'This link is no longer valid. Ask for a new one.',
      'staff.exists': 'This address has an account here already.',
      'staff.last_organiser': 'This is the last organiser; somebody must stay.',
      'staff.disabled': 'This account is disabled.',
    },
  },
  {
    team: 'Équipe',
    organisation: 'Organisation',
    errors: {
      'auth.failed': 'L’adresse e-mail ou le mot de passe est incorrect.',
      'link.used': 'Ce lien a déjà été utilisé. Demandez-en un nouveau.',
      'link.expired': 'Ce lien n’est plus valable. Demandez-en un nouveau.',
      'staff.exists': 'Cette adresse a déjà un compte ici.',
      'staff.last_organiser': 'C’est le dernier organisateur ; il en faut au moins un.',
      'staff.disabled': 'Ce compte est désactivé.',
    },
  },
);
