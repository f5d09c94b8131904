// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'sample.load': 'Sample data loaded',
    },
    kind: {},
  },
  {
    action: {
      'sample.load': 'Données d’exemple chargées',
    },
    kind: {},
  },
);
