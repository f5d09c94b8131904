// What everybody reads of a programme.
import { defineTexts } from '../i18n';

export const programmeTexts = defineTexts(
  {
    title: 'Programme',
    now: 'Now',
    next: 'Next',
    abstract: 'Abstract',
    about: 'About the speakers',
    role: { chair: 'chair', speaker: 'speaker', panellist: 'panellist', moderator: 'moderator' },
  },
  {
    title: 'Programme',
    now: 'En cours',
    next: 'Ensuite',
    abstract: 'Résumé',
    about: 'À propos des intervenants',
    role: { chair: 'présidence', speaker: 'intervention', panellist: 'table ronde', moderator: 'modération' },
  },
);
