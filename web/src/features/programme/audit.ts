// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'programme.change': 'Programme changed',
      'speaker.create': 'Speaker added',
      'speaker.change': 'Speaker changed',
      'speaker.delete': 'Speaker removed',
    },
    kind: { speaker: 'speaker' },
    detail: { talks: 'talks', speakers: 'appearances', sessions: 'sessions' },
  },
  {
    action: {
      'programme.change': 'Programme modifié',
      'speaker.create': 'Intervenant ajouté',
      'speaker.change': 'Intervenant modifié',
      'speaker.delete': 'Intervenant supprimé',
    },
    kind: { speaker: 'intervenant' },
    detail: { talks: 'interventions', speakers: 'participations', sessions: 'sessions' },
  },
);
