// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'congress.change': 'Congress changed',
      'congress.create': 'Congress created',
      'room.create': 'Room added',
      'session.cancel': 'Session cancelled',
      'session.change': 'Session changed',
      'session.create': 'Session scheduled',
      'session.notice_failed': 'Participants could not be told of a change',
      'session.publish': 'Session published',
      'track.create': 'Track added',
    },
    kind: { congress: 'congress', room: 'room', track: 'track' },
  },
  {
    action: {
      'congress.change': 'Congrès modifié',
      'congress.create': 'Congrès créé',
      'room.create': 'Salle ajoutée',
      'session.cancel': 'Session annulée',
      'session.change': 'Session modifiée',
      'session.create': 'Session planifiée',
      'session.notice_failed': 'Participants non prévenus d’un changement',
      'session.publish': 'Session publiée',
      'track.create': 'Parcours ajouté',
    },
    kind: { congress: 'congrès', room: 'salle', track: 'parcours' },
  },
);
