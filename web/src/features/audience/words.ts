// Loaded before the feature itself: the names of its tabs and pages.
import { defineTexts } from '../../i18n';

export const audienceWords = defineTexts(
  {
    audience: 'Audience',
  },
  {
    audience: 'Public visé',
  },
);
