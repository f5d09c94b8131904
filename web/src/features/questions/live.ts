// The questions of a live room: HCPs ask and support them, in the lobby too.
import { common } from '../../i18n/common';
import { livePart, type News } from '../feature';
import { QuestionPanel } from './QuestionPanel';
import { QuestionRecap } from './QuestionRecap';
import { QuestionStage } from './QuestionStage';
import { type QuestionStore, questionStore } from './store';
import { questionTexts } from './texts';

/** A moderator decided on a question of this person, or one is being answered. */
function news({ decided, staged, told }: QuestionStore): News | null {
  const t = questionTexts();
  const now = staged.value;
  if (told.value === 'staged' && now) return { id: `${now.id} staged`, text: common().named(t.answering, now.text) };
  const question = decided.value;
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
  stage: QuestionStage,
  news,
  recap: QuestionRecap,
  did: (store) => store.mine.value.length > 0 || store.voted.value.size > 0,
});
