// Loaded before the feature itself: the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const questionWords = defineTexts(
  {
    errors: {
      'question.own': 'You cannot vote for your own question.',
      'question.state': 'This question has changed meanwhile.',
    },
  },
  {
    errors: {
      'question.own': 'Vous ne pouvez pas voter pour votre propre question.',
      'question.state': 'Cette question a changé entre-temps.',
    },
  },
);
