import { defineTexts } from '../../i18n';

export const presentTexts = defineTexts(
  {
    present: 'Present',
    attended: 'Attended',
    registered: 'Registered',
    all: 'All registrations',
    hcps: 'HCPs',
    noProfile: 'No target profile',
    nobody: 'Nobody is here yet',
    nobodyText: 'Participants appear here.',
  },
  {
    present: 'Présents',
    attended: 'Ont participé',
    registered: 'Inscrits',
    all: 'Toutes les inscriptions',
    hcps: 'Professionnels de santé',
    noProfile: 'Hors profils cibles',
    nobody: 'Personne pour le moment',
    nobodyText: 'Les participants s’affichent ici à leur arrivée.',
  },
);
