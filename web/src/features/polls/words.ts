// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const pollWords = defineTexts(
  {
    title: 'Polls',
    errors: {
      'poll.closed': 'This poll is not open.',
      'poll.choice': 'Please choose among the given answers.',
      'poll.state': 'The state of the poll does not allow this.',
      'poll.limit': 'This session has as many polls as it can.',
    },
  },
  {
    title: 'Sondages',
    errors: {
      'poll.closed': 'Ce sondage n’est pas ouvert.',
      'poll.choice': 'Veuillez choisir parmi les réponses proposées.',
      'poll.state': 'L’état du sondage ne le permet pas.',
      'poll.limit': 'Cette session ne peut pas avoir plus de sondages.',
    },
  },
);
