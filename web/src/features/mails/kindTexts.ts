// What each kind of mail is called.
import { defineTexts } from '../../i18n';

export const kindTexts = defineTexts(
  {
    confirm: 'Confirmation of the address',
    welcome: 'Welcome',
    waiting: 'Waiting list',
    promoted: 'A place became free',
    reminder: 'Reminder',
    changed: 'Change of a session',
    session_cancelled: 'Cancellation of a session',
    cancelled: 'Cancellation of the registration',
    thanks: 'Thanks',
    missed: 'Sorry we missed you',
  },
  {
    confirm: 'Confirmation de l’adresse',
    welcome: 'Bienvenue',
    waiting: 'Liste d’attente',
    promoted: 'Place libérée',
    reminder: 'Rappel',
    changed: 'Changement d’une session',
    session_cancelled: 'Annulation d’une session',
    cancelled: 'Annulation de l’inscription',
    thanks: 'Remerciement',
    missed: 'Mot aux absents',
  },
);
