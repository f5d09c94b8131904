// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'deck.remove': 'Deck removed',
      'deck.upload': 'Deck uploaded',
    },
    kind: { deck: 'deck' },
  },
  {
    action: {
      'deck.remove': 'Diaporama supprimé',
      'deck.upload': 'Diaporama importé',
    },
    kind: { deck: 'diaporama' },
  },
);
