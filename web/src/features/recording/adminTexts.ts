import { defineTexts } from '../../i18n';

export const adminTexts = defineTexts(
  {
    automatic: 'Record this session automatically',
    automaticText:
      'The recording starts when the session goes live. Only people who agreed are in it; everybody sees that it is running.',
    empty: 'Nothing recorded yet',
    emptyText:
      'A host starts the recording in the console. Afterwards you find it here, as a film that ordinary players play.',
    began: (when: string) => `Recorded on ${when}`,
    running: 'Recording',
    why: {
      host: 'Stopped by the host',
      ended: 'Until the end of the session',
      storage: 'Stopped: the disk was full',
      quota: 'Stopped: storage used up',
    },
    making: 'The film is being made. This takes about a minute for each hour.',
    failed: 'The film could not be made.',
    again: 'Try again',
    nobody: 'Nobody who agreed has spoken.',
    people: 'In the recording',
    erased: 'Somebody whose data were erased',
    gaps: 'Possible gaps',
    gapsText: 'A server stopped while it was recording. What is missing is added if that server starts again.',
    gap: (time: string, seconds: number) =>
      `${time}: up to ${seconds} ${seconds === 1 ? 'second' : 'seconds'} missing`,
    download: 'Download film',
    remove: 'Delete recording',
    removeText:
      'The recording and its film are deleted for everybody. This can’t be undone.',
    size: (bytes: string, length: string) => `${length} · ${bytes}`,
  },
  {
    automatic: 'Enregistrer automatiquement cette session',
    automaticText:
      'L’enregistrement démarre avec le direct. Seules les personnes qui l’ont accepté y figurent ; tous les participants voient qu’il est en cours.',
    empty: 'Aucun enregistrement',
    emptyText:
      'Un animateur démarre l’enregistrement depuis la console. Vous le retrouverez ici sous la forme d’un film lisible par tous les lecteurs.',
    began: (when) => `Enregistré le ${when}`,
    running: 'En cours',
    why: {
      host: 'Arrêté par l’animateur',
      ended: 'Jusqu’à la fin de la session',
      storage: 'Arrêté : disque plein',
      quota: 'Arrêté : espace de stockage épuisé',
    },
    making: 'Le film est en préparation : environ une minute par heure enregistrée.',
    failed: 'Le film n’a pas pu être préparé.',
    again: 'Réessayer',
    nobody: 'Aucune personne ayant donné son accord n’a pris la parole.',
    people: 'Dans l’enregistrement',
    erased: 'Une personne dont les données ont été effacées',
    gaps: 'Coupures possibles',
    gapsText:
      'Un serveur s’est arrêté pendant l’enregistrement. Ce qui manque sera ajouté si ce serveur redémarre.',
    gap: (time, seconds) => `${time} : jusqu’à ${seconds} ${seconds === 1 ? 'seconde manquante' : 'secondes manquantes'}`,
    download: 'Télécharger le film',
    remove: 'Supprimer l’enregistrement',
    removeText:
      'L’enregistrement et son film seront supprimés pour tous. Cette action est irréversible.',
    size: (bytes, length) => `${length} · ${bytes}`,
  },
);
