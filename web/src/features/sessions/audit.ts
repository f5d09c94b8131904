// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'session.end': 'Session ended',
      'session.end_alone': 'Session ended by itself: nobody was there any more',
      'session.extend': 'Session extended',
      'session.start': 'Session started',
    },
    kind: { session: 'session' },
    detail: {
      planned_minutes: 'Planned length',
      live_at: 'Start',
      ended_at: 'End',
    },
  },
  {
    action: {
      'session.end': 'Session terminée',
      'session.end_alone': 'Session terminée d’elle-même : il n’y avait plus personne',
      'session.extend': 'Session prolongée',
      'session.start': 'Session démarrée',
    },
    kind: { session: 'session' },
    detail: {
      planned_minutes: 'Durée prévue',
      live_at: 'Début',
      ended_at: 'Fin',
    },
  },
);
