// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'question.answer': 'Question answered',
      'question.approve': 'Question shown',
      'question.dismiss': 'Question dismissed',
      'question.stage': 'Question put on the screen',
      'question.unstage': 'Question taken off the screen',
    },
    kind: { question: 'question' },
  },
  {
    action: {
      'question.answer': 'Question traitée',
      'question.approve': 'Question affichée',
      'question.dismiss': 'Question écartée',
      'question.stage': 'Question mise à l’écran',
      'question.unstage': 'Question retirée de l’écran',
    },
    kind: { question: 'question' },
  },
);
