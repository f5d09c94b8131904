// How the audit log names what is done here.
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    action: {
      'question.answer': 'Question answered',
      'question.approve': 'Question shown',
      'question.dismiss': 'Question dismissed',
    },
    kind: { question: 'question' },
  },
  {
    action: {
      'question.answer': 'Question traitée',
      'question.approve': 'Question affichée',
      'question.dismiss': 'Question écartée',
    },
    kind: { question: 'question' },
  },
);
