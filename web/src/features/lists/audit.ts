// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'target_list.cancel_import': 'Import into a target list cancelled',
      'target_list.create': 'Target list made',
      'target_list.import': 'People imported into a target list',
      'target_list.upload': 'File for a target list uploaded',
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
      file: 'File',
      lines: 'Lines',
      good: 'Lines taken',
      refused: 'Lines refused',
      searched: 'With a search',
    },
    value: { searched: { true: 'yes' } },
  },
  {
    action: {
      'target_list.cancel_import': 'Import dans une liste de ciblage annulé',
      'target_list.create': 'Liste de ciblage créée',
      'target_list.import': 'Personnes importées dans une liste de ciblage',
      'target_list.upload': 'Fichier pour une liste de ciblage téléversé',
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
      file: 'Fichier',
      lines: 'Lignes',
      good: 'Lignes retenues',
      refused: 'Lignes refusées',
      searched: 'Avec une recherche',
    },
    value: { searched: { true: 'oui' } },
  },
);
