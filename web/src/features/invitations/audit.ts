// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'invitation.create': 'Round of invitations begun',
      'invitation.delete': 'Draft of invitations removed',
      'invitation.send': 'Invitations sent',
      'invitation.cancel': 'Invitations stopped',
      'invitation.failed': 'Invitations not sent to the end',
      'invitation.erase': 'Personal data of an invitation erased',
      'invitation.pressure': 'Limit of invitations per person changed',
      'invitations.export': 'Personal links of invitations downloaded',
      'invitations.read': 'Invited people read',
    },
    kind: { invitation: 'invitation', invitation_round: 'round of invitations' },
    detail: {
      channel: 'By',
      overrule: 'People invited too often lately are invited too, because',
      most: 'Invitations at most',
      days: 'Days',
      people: 'People',
      searched: 'With a search',
    },
    value: { channel: { mail: 'e-mail', crm: 'the CRM' }, searched: { true: 'yes' } },
  },
  {
    action: {
      'invitation.create': 'Envoi d’invitations préparé',
      'invitation.delete': 'Brouillon d’invitations supprimé',
      'invitation.send': 'Invitations envoyées',
      'invitation.cancel': 'Envoi d’invitations arrêté',
      'invitation.failed': 'Envoi d’invitations interrompu',
      'invitation.erase': 'Données personnelles d’une invitation effacées',
      'invitation.pressure': 'Nombre maximal d’invitations par personne modifié',
      'invitations.export': 'Liens personnels d’invitations téléchargés',
      'invitations.read': 'Personnes invitées consultées',
    },
    kind: { invitation: 'invitation', invitation_round: 'envoi d’invitations' },
    detail: {
      channel: 'Par',
      overrule: 'Personnes déjà très sollicitées invitées quand même, car',
      most: 'Invitations au plus',
      days: 'Jours',
      people: 'Personnes',
      searched: 'Avec une recherche',
    },
    value: { channel: { mail: 'e-mail', crm: 'le CRM' }, searched: { true: 'oui' } },
  },
);
