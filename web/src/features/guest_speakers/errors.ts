// The sentences for the error codes of guest speakers.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    'guest_speaker.exists': 'This address is invited to this session already. Send its link again instead.',
    'guest_speaker.full': 'This session has as many guest speakers as it can have.',
  },
  {
    'guest_speaker.exists': 'Cette adresse est déjà invitée à cette session. Envoyez-lui plutôt son lien à nouveau.',
    'guest_speaker.full': 'Cette session ne peut pas avoir davantage d’intervenants invités.',
  },
);
