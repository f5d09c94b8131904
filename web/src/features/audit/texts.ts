import { defineTexts } from '../../i18n';

export const auditTexts = defineTexts(
  {
    title: 'Audit log',
    lead: (zone: string) =>
      `What was done, when and by whom. Entries are never changed. Times are those of ${zone}.`,
    empty: 'Nothing yet',
    when: 'When',
    who: 'Who',
    what: 'What',
    object: 'On',
    details: 'Details',
    show: 'Show details',
    actor: {
      account: 'Staff',
      registration: 'Participant',
      system: 'System',
      admin: 'Administrator',
    },
  },
  {
    title: 'Journal d’audit',
    lead: (zone) =>
      `Ce qui a été fait, quand et par qui. Les lignes ne sont jamais modifiées. Heures du fuseau ${zone}.`,
    empty: 'Rien pour l’instant',
    when: 'Quand',
    who: 'Qui',
    what: 'Quoi',
    object: 'Sur',
    details: 'Détails',
    show: 'Voir les détails',
    actor: {
      account: 'Équipe',
      registration: 'Participant',
      system: 'Système',
      admin: 'Administrateur',
    },
  },
);
