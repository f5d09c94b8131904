// For those who moderate; a page loads these or texts.ts.
import { defineTexts, plural } from '../../i18n';

export const deskTexts = defineTexts(
  {
    title: 'Questions',
    anonymousAuthor: 'Anonymous',
    erased: 'This question was erased.',
    nameHidden: 'Name hidden from others',
    stage: 'Put on the screen',
    unstage: 'Take off the screen',
    staged: 'On the screen',
    desk: { waiting: 'To review', shown: 'Shown', done: 'Done' },
    approve: 'Show',
    answer: 'Mark as answered',
    dismiss: 'Dismiss',
    nothing: {
      waiting: 'Nothing to review',
      shown: 'No question is shown',
      done: 'No question is done yet',
    },
    fresh: (count: number) =>
      plural(count, { one: '# question to review', other: '# questions to review' }),
    answered: 'Answered',
  },
  {
    title: 'Questions',
    anonymousAuthor: 'Anonyme',
    erased: 'Cette question a été effacée.',
    nameHidden: 'Nom masqué aux autres',
    stage: 'Mettre à l’écran',
    unstage: 'Retirer de l’écran',
    staged: 'À l’écran',
    desk: { waiting: 'À modérer', shown: 'Affichées', done: 'Traitées' },
    approve: 'Afficher',
    answer: 'Marquer comme traitée',
    dismiss: 'Écarter',
    nothing: {
      waiting: 'Aucune question en attente',
      shown: 'Aucune question affichée',
      done: 'Aucune question traitée',
    },
    fresh: (count) =>
      plural(count, { one: '# question à modérer', other: '# questions à modérer' }),
    answered: 'Traitée',
  },
);
