// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'target_list.change': 'Target list described',
      'target_list.delete': 'Target list removed',
      'target_list.read': 'People of a target list read',
      'target_list.remove_person': 'Person removed from a target list',
    },
    kind: { target_list: 'target list' },
    detail: {
      name: 'Name',
      source: 'Source',
      as_of: 'Date of the data',
      people: 'People',
      searched: 'With a search',
    },
    value: { searched: { true: 'yes' } },
  },
  {
    action: {
      'target_list.change': 'Description d’une liste de ciblage modifiée',
      'target_list.delete': 'Liste de ciblage supprimée',
      'target_list.read': 'Personnes d’une liste de ciblage consultées',
      'target_list.remove_person': 'Personne retirée d’une liste de ciblage',
    },
    kind: { target_list: 'liste de ciblage' },
    detail: {
      name: 'Nom',
      source: 'Source',
      as_of: 'Date des données',
      people: 'Personnes',
      searched: 'Avec une recherche',
    },
    value: { searched: { true: 'oui' } },
  },
);
