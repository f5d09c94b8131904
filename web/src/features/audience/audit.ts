// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'target_profile.change': 'Target profile changed',
      'target_profile.create': 'Target profile created',
      'target_profile.delete': 'Target profile removed',
    },
    kind: { target_profile: 'target profile' },
    detail: {
      name: 'Name',
      goal_registrations: 'Goal of registrations',
      goal_attendees: 'Goal of attendees',
      goal_participation_rate: 'Goal of participation',
      universe: 'Total number',
      universe_source: 'Source of the number',
      universe_from: 'Where the number is from',
      universe_list: 'Target list of the number',
      target_lists: 'Target lists of the criteria',
      criteria: 'Criteria',
    },
  },
  {
    action: {
      'target_profile.change': 'Profil cible modifié',
      'target_profile.create': 'Profil cible créé',
      'target_profile.delete': 'Profil cible supprimé',
    },
    kind: { target_profile: 'profil cible' },
    detail: {
      name: 'Nom',
      goal_registrations: 'Objectif d’inscriptions',
      goal_attendees: 'Objectif de participants',
      goal_participation_rate: 'Objectif de participation',
      universe: 'Population cible',
      universe_source: 'Source du nombre',
      universe_from: 'Origine du nombre',
      universe_list: 'Liste de ciblage du nombre',
      target_lists: 'Listes de ciblage des critères',
      criteria: 'Critères',
    },
  },
);
