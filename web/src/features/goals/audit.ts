// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'session_goals.change': 'Goals of a session changed',
      'target_people.export': 'People of a target list, with their registrations, downloaded',
      'target_people.read': 'People of a target list, with their registrations, read',
    },
    kind: {},
    detail: { people: 'People', profiles: 'Target profiles', searched: 'With a search' },
    value: { searched: { true: 'yes' } },
  },
  {
    action: {
      'session_goals.change': 'Objectifs d’une session modifiés',
      'target_people.export': 'Personnes d’une liste de ciblage et leurs inscriptions téléchargées',
      'target_people.read': 'Personnes d’une liste de ciblage et leurs inscriptions consultées',
    },
    kind: {},
    detail: { people: 'Personnes', profiles: 'Profils cibles', searched: 'Avec une recherche' },
    value: { searched: { true: 'oui' } },
  },
);
