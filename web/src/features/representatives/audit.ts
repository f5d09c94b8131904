// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'representative.create': 'Link of a representative made',
      'representative.end': 'Access of a representative ended',
      'representative.read': 'A representative looked at who came by their link',
      'representative.send': 'Page of a representative mailed again',
    },
    kind: {},
    detail: { people: 'People' },
  },
  {
    action: {
      'representative.create': 'Lien d’un délégué créé',
      'representative.end': 'Accès d’un délégué retiré',
      'representative.read': 'Consultation par un délégué des inscrits venus par son lien',
      'representative.send': 'Page d’un délégué envoyée à nouveau',
    },
    kind: {},
    detail: { people: 'Personnes' },
  },
);
