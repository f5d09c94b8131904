// The polls of a live room, as HCPs answer them.
import { livePart, type News, type PanelCall } from '../feature';
import { PollPanel } from './PollPanel';
import { PollRecap } from './PollRecap';
import { PollStage } from './PollStage';
import { type PollStore, pollStore } from './store';
import { pollTexts } from './texts';
import { pollWords } from './words';

function call(store: PollStore): PanelCall | null {
  const t = pollTexts();
  const poll = store.unanswered.value;
  return poll ? { id: poll.id, text: t.called(poll.question), action: t.answer } : null;
}

function news(store: PollStore): News | null {
  const last = store.news.value;
  return last && { id: String(last.number), text: pollTexts().news[last.what](last.poll.question) };
}

export default livePart(pollStore, {
  panel: {
    key: 'polls',
    label: () => pollWords().title,
    mark: (store) => (store.open.value.length > 0 ? pollTexts().mark : null),
    calls: call,
    icon: 'poll',
    view: PollPanel,
  },
  stage: PollStage,
  news,
  recap: PollRecap,
  did: (store) => store.votes.value.size > 0,
});
