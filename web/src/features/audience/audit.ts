// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'library_profile.copy': 'Target profiles copied from the library',
      'library_profile.delete': 'Target profile removed from the library',
      'library_profile.keep': 'Target profile kept in the library',
      'library_profile.rename': 'Target profile renamed in the library',
      'target_profile.change': 'Target profile changed',
      'target_profile.create': 'Target profile created',
      'target_profile.delete': 'Target profile removed',
    },
    kind: { target_profile: 'target profile', library_profile: 'target profile of the library' },
    detail: {
      profiles: 'Profiles',
      replace: 'Profiles of these names',
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
    value: { replace: { true: 'replaced' } },
  },
  {
    action: {
      'library_profile.copy': 'Profils cibles copiés depuis la bibliothèque',
      'library_profile.delete': 'Profil cible supprimé de la bibliothèque',
      'library_profile.keep': 'Profil cible ajouté à la bibliothèque',
      'library_profile.rename': 'Profil cible renommé dans la bibliothèque',
      'target_profile.change': 'Profil cible modifié',
      'target_profile.create': 'Profil cible créé',
      'target_profile.delete': 'Profil cible supprimé',
    },
    kind: { target_profile: 'profil cible', library_profile: 'profil cible de la bibliothèque' },
    detail: {
      profiles: 'Profils',
      replace: 'Profils de ces noms',
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
    value: { replace: { true: 'remplacés' } },
  },
);
