// The polls of the session with this person's answers, when it is over.
import { Card } from '../../ui/Card';
import type { ViewProps } from '../feature';
import type { Poll } from './messages';
import { PollResults } from './PollResults';
import type { PollStore } from './store';
import { pollTexts } from './texts';

export function PollRecap({ store }: ViewProps<PollStore>) {
  const t = pollTexts();
  const polls = store.polls.value.filter(
    (poll) => store.votes.value.has(poll.id) || (poll.results_shown && store.tallies.value.has(poll.id)),
  );
  if (polls.length === 0) return null;
  return (
    <Card title={t.recap}>
      <div class="stack stack--wide">
        {polls.map((poll) => (
          <Answered key={poll.id} poll={poll} store={store} />
        ))}
      </div>
    </Card>
  );
}

function Answered({ poll, store }: { poll: Poll; store: PollStore }) {
  const t = pollTexts();
  const mine = store.votes.value.get(poll.id);
  const tally = poll.results_shown ? store.tallies.value.get(poll.id) : undefined;
  const chosen = poll.options.filter((option) => mine?.includes(option.position));
  return (
    <section class="stack stack--tight" aria-label={poll.question}>
      <h3>{poll.question}</h3>
      {tally ? (
        <PollResults poll={poll} tally={tally} mine={mine} />
      ) : (
        <ul class="plain muted">
          {chosen.map((option) => (
            <li key={option.position}>✓ {option.text}</li>
          ))}
        </ul>
      )}
      {!mine && <p class="faint small">{t.notAnswered}</p>}
    </section>
  );
}
