// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'poll.close': 'Poll closed',
      'poll.create': 'Poll added',
      'poll.delete': 'Poll removed',
      'poll.edit': 'Poll changed',
      'poll.hide_results': 'Results hidden',
      'poll.move': 'Polls reordered',
      'poll.open': 'Poll opened',
      'poll.show_results': 'Results shown',
    },
    kind: { poll: 'poll' },
  },
  {
    action: {
      'poll.close': 'Sondage terminé',
      'poll.create': 'Sondage ajouté',
      'poll.delete': 'Sondage supprimé',
      'poll.edit': 'Sondage modifié',
      'poll.hide_results': 'Résultats masqués',
      'poll.move': 'Sondages réordonnés',
      'poll.open': 'Sondage ouvert',
      'poll.show_results': 'Résultats affichés',
    },
    kind: { poll: 'sondage' },
  },
);
