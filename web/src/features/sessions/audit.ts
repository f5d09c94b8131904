// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'session.end': 'Session ended',
      'session.extend': 'Session extended',
      'session.start': 'Session started',
    },
    kind: { session: 'session' },
  },
  {
    action: {
      'session.end': 'Session terminée',
      'session.extend': 'Session prolongée',
      'session.start': 'Session démarrée',
    },
    kind: { session: 'session' },
  },
);
