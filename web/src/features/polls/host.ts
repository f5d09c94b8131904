// The polls of a live room, as the host opens and closes them.
import { livePart } from '../feature';
import { PollDesk } from './PollDesk';
import { pollStore } from './store';
import { pollWords } from './words';

export default livePart(pollStore, {
  panel: { key: 'polls', label: () => pollWords().title, icon: 'poll', afterwards: true, view: PollDesk },
});
