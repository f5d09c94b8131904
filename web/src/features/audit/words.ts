// Loaded before the feature itself: the name of its page.
import { defineTexts } from '../../i18n';

export const auditWords = defineTexts(
  {
    title: 'Audit log',
  },
  {
    title: 'Journal d’audit',
  },
);
