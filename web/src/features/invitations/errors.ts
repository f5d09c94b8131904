// The sentences for error codes of invitations.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    'round.limit': 'This congress has as many rounds of invitations as it may have (200). Remove drafts first.',
    'round.begun': 'These invitations are being sent or were sent: they can no longer be changed.',
    'round.texts': 'Write a subject and a text in French and in English first.',
    'round.closed': 'No session of this congress is open for registration. Publish one first: nobody could register.',
    'round.gone': 'The target list or the target profile of these invitations was removed. Begin a new round.',
    'round.not_ready': 'The file is not ready yet.',
  },
  {
    'round.limit': 'Ce congrès a atteint le nombre maximal d’envois d’invitations (200). Supprimez d’abord des brouillons.',
    'round.begun': 'Ces invitations sont en cours d’envoi ou déjà envoyées : elles ne peuvent plus être modifiées.',
    'round.texts': 'Rédigez d’abord un objet et un texte en français et en anglais.',
    'round.closed': 'Aucune session de ce congrès n’est ouverte aux inscriptions. Publiez-en une d’abord : personne ne pourrait s’inscrire.',
    'round.gone': 'La liste de ciblage ou le profil cible de ces invitations a été supprimé. Préparez un nouvel envoi.',
    'round.not_ready': 'Le fichier n’est pas encore prêt.',
  },
);
