// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'congress.change': 'Congress changed',
      'congress.copy': 'Congress created after another one',
      'congress.create': 'Congress created',
      'hall.create': 'Hall added',
      'room.create': 'Hall added', // as halls were called before migration 0019
      'session.cancel': 'Session cancelled',
      'session.change': 'Session changed',
      'session.create': 'Session scheduled',
      'session.end_corrected': 'End of session corrected',
      'session.notice_failed': 'Participants could not be told of a change',
      'session.publish': 'Session published',
      'session.tell': 'Participants told of changes at once',
      'track.create': 'Track added',
    },
    kind: { congress: 'congress', hall: 'hall', room: 'hall', track: 'track' },
    detail: {
      title: 'Title',
      name: 'Name',
      language: 'Language',
      time_zone: 'Time zone',
      first_day: 'First day',
      from: 'Copied from',
      starts_at: 'Start',
      planned_minutes: 'Planned length',
      capacity: 'Capacity',
      listen_at: 'Where to listen',
      ended_at: 'End',
      completion_threshold: 'Counts as completed from',
    },
    value: {
      language: {
        fr: 'French',
        en: 'English',
      },
    },
  },
  {
    action: {
      'congress.change': 'Congrès modifié',
      'congress.copy': 'Congrès créé d’après un autre',
      'congress.create': 'Congrès créé',
      'hall.create': 'Salle ajoutée',
      'room.create': 'Salle ajoutée',
      'session.cancel': 'Session annulée',
      'session.change': 'Session modifiée',
      'session.create': 'Session planifiée',
      'session.end_corrected': 'Fin de session corrigée',
      'session.notice_failed': 'Participants non prévenus d’un changement',
      'session.publish': 'Session publiée',
      'session.tell': 'Participants prévenus sans attendre',
      'track.create': 'Parcours ajouté',
    },
    kind: { congress: 'congrès', hall: 'salle', room: 'salle', track: 'parcours' },
    detail: {
      title: 'Titre',
      name: 'Nom',
      language: 'Langue',
      time_zone: 'Fuseau horaire',
      first_day: 'Premier jour',
      from: 'Copié de',
      starts_at: 'Début',
      planned_minutes: 'Durée prévue',
      capacity: 'Capacité',
      listen_at: 'Accès au son',
      ended_at: 'Fin',
      completion_threshold: 'Seuil d’assiduité',
    },
    value: {
      language: {
        fr: 'français',
        en: 'anglais',
      },
    },
  },
);
