import { defineTexts } from '../../i18n';

export const presentTexts = defineTexts(
  {
    present: 'Present',
    attended: 'Attended',
    registered: 'Registered',
    all: 'All registrations',
    noProfile: 'No target profile',
    nobody: 'Nobody is here yet',
    nobodyText: 'Participants appear here as soon as they enter.',
  },
  {
    present: 'Présents',
    attended: 'Ont participé',
    registered: 'Inscrits',
    all: 'Toutes les inscriptions',
    noProfile: 'Hors profils cibles',
    nobody: 'Personne pour le moment',
    nobodyText: 'Les participants apparaissent ici dès qu’ils entrent.',
  },
);
