// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'guest_speaker.invite': 'Guest speaker invited',
      'guest_speaker.send': 'Link of a guest speaker sent again',
      'guest_speaker.enter': 'A guest speaker came by their link',
      'guest_speaker.end': 'Link of a guest speaker taken back',
    },
    kind: { guest_speaker: 'guest speaker' },
  },
  {
    action: {
      'guest_speaker.invite': 'Intervenant invité',
      'guest_speaker.send': 'Lien d’intervenant envoyé à nouveau',
      'guest_speaker.enter': 'Arrivée d’un intervenant par son lien',
      'guest_speaker.end': 'Lien d’intervenant retiré',
    },
    kind: { guest_speaker: 'intervenant invité' },
  },
);
