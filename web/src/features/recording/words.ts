// The words that every page may need.
import { defineTexts } from '../../i18n';

export const recordingWords = defineTexts(
  {
    title: 'Recordings',
    errors: {
      'recording.storage': 'This server has no disk to record to. Please tell your administrator.',
      'recording.running': 'The recording is still running. Stop it first.',
    },
  },
  {
    title: 'Enregistrements',
    errors: {
      'recording.storage':
        'Ce serveur ne peut pas enregistrer sur son disque. Prévenez votre administrateur.',
      'recording.running': 'L’enregistrement est en cours. Arrêtez-le d’abord.',
    },
  },
);
