// The questions of a live room, as moderators see them.
import { livePart } from '../feature';
import { QuestionDesk } from './QuestionDesk';
import { questionStore } from './store';
import { deskTexts } from './deskTexts';

export default livePart(questionStore, {
  panel: {
    key: 'questions',
    icon: 'message',
    label: () => deskTexts().title,
    mark: (store) => (store.waiting.value ? String(store.waiting.value) : null),
    afterwards: true,
    view: QuestionDesk,
  },
  news: ({ arrived, waiting }) =>
    arrived.value ? { id: arrived.value, text: deskTexts().fresh(waiting.value) } : null,
});
