// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'recording.start': 'Recording started',
      'recording.stop': 'Recording stopped',
      'recording.set': 'Automatic recording changed',
      'recording.delete': 'Recording deleted',
      'recording.export': 'Recording downloaded',
    },
    kind: {},
    detail: { why: 'Reason', automatic: 'Starts with the session' },
    value: {
      why: {
        host: 'by the host',
        ended: 'end of the session',
        storage: 'the disk is full',
        quota: 'storage quota reached',
      },
      automatic: { true: 'yes', false: 'no' },
    },
  },
  {
    action: {
      'recording.start': 'Enregistrement démarré',
      'recording.stop': 'Enregistrement arrêté',
      'recording.set': 'Enregistrement automatique modifié',
      'recording.delete': 'Enregistrement supprimé',
      'recording.export': 'Enregistrement téléchargé',
    },
    kind: {},
    detail: { why: 'Raison', automatic: 'Démarre avec la session' },
    value: {
      why: {
        host: 'par l’animateur',
        ended: 'fin de la session',
        storage: 'disque plein',
        quota: 'quota de stockage atteint',
      },
      automatic: { true: 'oui', false: 'non' },
    },
  },
);
