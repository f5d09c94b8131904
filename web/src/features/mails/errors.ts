// The sentences for the error codes of mails.
import { defineTexts } from '../../i18n';

export default defineTexts(
  { 'mail.placeholder': 'This mail has no such placeholder. Choose one of those offered, and write braces for nothing else.' },
  { 'mail.placeholder': 'Ce champ n’existe pas dans cet e-mail. Choisissez l’un de ceux qui sont proposés ; les accolades ne servent à rien d’autre.' },
);
