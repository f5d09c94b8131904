// The questions of a live room: HCPs ask and support them, in the lobby too.
import { livePart } from '../feature';
import { QuestionPanel } from './QuestionPanel';
import { questionStore } from './store';
import { questionTexts } from './texts';

export default livePart(questionStore, {
  panel: { key: 'questions', label: () => questionTexts().title, view: QuestionPanel },
  lobby: {
    key: 'questions',
    label: () => questionTexts().askNow,
    icon: 'message',
    view: QuestionPanel,
  },
});
