// The polls of a live room, as HCPs answer them.
import { livePart } from '../feature';
import { PollPanel } from './PollPanel';
import { pollStore } from './store';
import { pollTexts } from './texts';
import { pollWords } from './words';

export default livePart(pollStore, {
  panel: {
    key: 'polls',
    label: () => pollWords().title,
    mark: (store) => (store.open.value.length > 0 ? pollTexts().mark : null),
    calls: (store) => store.unanswered.value?.id ?? null,
    view: PollPanel,
  },
});
