// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'congress.change': 'Congress changed',
      'congress.create': 'Congress created',
      'hall.create': 'Hall added',
      'room.create': 'Hall added', // as halls were called before migration 0019
      'session.cancel': 'Session cancelled',
      'session.change': 'Session changed',
      'session.create': 'Session scheduled',
      'session.end_corrected': 'End of session corrected',
      'session.notice_failed': 'Participants could not be told of a change',
      'session.publish': 'Session published',
      'track.create': 'Track added',
    },
    kind: { congress: 'congress', hall: 'hall', room: 'hall', track: 'track' },
  },
  {
    action: {
      'congress.change': 'Congrès modifié',
      'congress.create': 'Congrès créé',
      'hall.create': 'Salle ajoutée',
      'room.create': 'Salle ajoutée',
      'session.cancel': 'Session annulée',
      'session.change': 'Session modifiée',
      'session.create': 'Session planifiée',
      'session.end_corrected': 'Fin de session corrigée',
      'session.notice_failed': 'Participants non prévenus d’un changement',
      'session.publish': 'Session publiée',
      'track.create': 'Parcours ajouté',
    },
    kind: { congress: 'congrès', hall: 'salle', room: 'salle', track: 'parcours' },
  },
);
