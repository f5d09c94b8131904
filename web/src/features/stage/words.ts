// Loaded before the feature itself: the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const stageWords = defineTexts(
  {
    errors: {
      'stage.full': 'The stage is full. Take somebody off it first.',
      'stage.place': 'This is not possible where this person is now.',
      'stage.not_invited': 'Your invitation to speak is no longer open.',
      'stage.screen_taken': 'Somebody else is sharing their screen. Only one screen can be shared at a time.',
      'hand.full': 'Too many hands are up at the moment. Please try again later.',
    },
  },
  {
    errors: {
      'stage.full': 'La scène est complète. Faites d’abord descendre quelqu’un.',
      'stage.place': 'Ce n’est pas possible là où se trouve cette personne.',
      'stage.not_invited': 'Votre invitation à prendre la parole n’est plus valable.',
      'stage.screen_taken': 'Quelqu’un d’autre partage déjà son écran. Un seul écran peut être partagé à la fois.',
      'hand.full': 'Trop de mains sont levées en ce moment. Réessayez un peu plus tard.',
    },
  },
);
