// The questions of a live room: HCPs ask and support them, in the lobby too.
import { livePart, type News } from '../feature';
import { QuestionPanel } from './QuestionPanel';
import { QuestionRecap } from './QuestionRecap';
import { type QuestionStore, questionStore } from './store';
import { questionTexts } from './texts';

/** A moderator decided on a question of this person. */
function news({ decided }: QuestionStore): News | null {
  const question = decided.value;
  const t = questionTexts();
  return question && { id: `${question.id} ${question.state}`, text: t.decided[question.state] };
}

export default livePart(questionStore, {
  panel: {
    key: 'questions',
    label: () => questionTexts().title,
    icon: 'message',
    waiting: true,
    view: QuestionPanel,
  },
  news,
  recap: QuestionRecap,
  did: (store) => store.mine.value.length > 0 || store.voted.value.size > 0,
});
