// The results of a poll as large bars over the slide, when the host has just shown them.
import { IconButton } from '../../ui/Button';
import type { ViewProps } from '../feature';
import { PollResults } from './PollResults';
import type { PollStore } from './store';
import { pollTexts } from './texts';

export function PollStage({ store }: ViewProps<PollStore>) {
  const t = pollTexts();
  const id = store.staged.value;
  const poll = store.polls.value.find((found) => found.id === id);
  const tally = id ? store.tallies.value.get(id) : undefined;
  if (!poll || !tally) return null;
  return (
    <section class="poll-stage" aria-label={t.staged}>
      <header class="poll-stage__head">
        <h2>{poll.question}</h2>
        <IconButton icon="close" look="secondary" label={t.backToSlides} onClick={() => store.unstage()} />
      </header>
      <div class="poll-stage__body" role="group" aria-label={t.staged} tabIndex={0}>
        <PollResults poll={poll} tally={tally} mine={store.votes.value.get(poll.id)} large />
      </div>
    </section>
  );
}
