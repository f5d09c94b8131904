// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'link.create': 'Registration link created',
      'registration.cancel': 'Registration cancelled',
      'registration.confirm': 'Personal link used',
      'registration.create': 'Registered',
      'registration.erase': 'Personal data erased',
      'registration.rename': 'Name corrected',
    },
    kind: { registration: 'registration', registration_link: 'link' },
  },
  {
    action: {
      'link.create': 'Lien d’inscription créé',
      'registration.cancel': 'Inscription annulée',
      'registration.confirm': 'Lien personnel utilisé',
      'registration.create': 'Inscription',
      'registration.erase': 'Données personnelles effacées',
      'registration.rename': 'Nom corrigé',
    },
    kind: { registration: 'inscription', registration_link: 'lien' },
  },
);
