// The questions of a live room, as moderators see them.
import { livePart } from '../feature';
import { QuestionDesk } from './QuestionDesk';
import { questionStore } from './store';
import { questionTexts } from './texts';

export default livePart(questionStore, {
  panel: {
    key: 'questions',
    icon: 'message',
    label: () => questionTexts().title,
    mark: (store) => (store.waiting.value ? String(store.waiting.value) : null),
    afterwards: true,
    view: QuestionDesk,
  },
  news: ({ arrived, waiting }) =>
    arrived.value ? { id: arrived.value, text: questionTexts().fresh(waiting.value) } : null,
});
