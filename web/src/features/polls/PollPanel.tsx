// Answering polls, for HCPs.
import { useRef } from 'preact/hooks';
import { useAction } from '../../state/action';
import { type Drafts, useDraft } from '../../state/drafts';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import type { ViewProps } from '../feature';
import type { Poll } from './messages';
import { PollResults } from './PollResults';
import type { PollStore } from './store';
import { pollTexts } from './texts';

const byOpening = (a: Poll, b: Poll) => (b.opened_at ?? '').localeCompare(a.opened_at ?? '');

export function PollPanel({ store, room }: ViewProps<PollStore>) {
  const t = pollTexts();
  const polls = [...store.visible.value].sort(byOpening);
  return (
    <div class="stack stack--wide">
      {polls.length === 0 && (
        <EmptyState icon="poll" title={t.none}>
          {t.noneText}
        </EmptyState>
      )}
      {polls.map((poll) => (
        <PollCard key={poll.id} poll={poll} store={store} drafts={room.drafts} />
      ))}
    </div>
  );
}

interface PollProps {
  poll: Poll;
  store: PollStore;
  drafts: Drafts;
}

function PollCard({ poll, store, drafts }: PollProps) {
  const t = pollTexts();
  const mine = store.votes.value.get(poll.id);
  const tally = poll.results_shown ? store.tallies.value.get(poll.id) : undefined;
  const open = poll.state === 'open';
  const done = useRef<HTMLParagraphElement>(null);
  const voted = () => done.current?.focus();
  return (
    <section class="poll" aria-label={poll.question}>
      <Badge tone={open ? 'live' : 'neutral'}>{open ? t.open : t.closed}</Badge>
      <h2 class="panel-title">{poll.question}</h2>
      {open && !mine && <VoteForm {...{ poll, store, drafts }} onVoted={voted} />}
      <p class="poll__done" role="status" tabIndex={-1} ref={done}>
        {mine && open && t.voted}
      </p>
      {mine && !tally && (
        <ul class="plain muted">
          {poll.options
            .filter((option) => mine.includes(option.position))
            .map((option) => (
              <li key={option.position}>✓ {option.text}</li>
            ))}
        </ul>
      )}
      {tally && <PollResults poll={poll} tally={tally} mine={mine} />}
    </section>
  );
}

function VoteForm({ poll, store, drafts, onVoted }: PollProps & { onVoted: () => void }) {
  const t = pollTexts();
  const [chosen, setChosen] = useDraft<readonly number[]>(drafts, `polls.${poll.id}`, []);
  const vote = useAction(async () => {
    await store.vote(poll.id, chosen);
    setChosen([]);
    onVoted();
  });
  const submit = (event: Event) => {
    event.preventDefault();
    if (chosen.length > 0) void vote.run();
  };
  return (
    <form class="stack stack--tight" onSubmit={submit}>
      <Choices poll={poll} chosen={chosen} onChange={setChosen} />
      {vote.error !== null && <Banner tone="bad">{vote.text()}</Banner>}
      <div class="row">
        <Button look="primary" type="submit" busy={vote.busy} disabled={chosen.length === 0}>
          {t.vote}
        </Button>
        <span class="faint small">{t.final}</span>
      </div>
    </form>
  );
}

interface ChoicesProps {
  poll: Poll;
  chosen: readonly number[];
  onChange: (positions: readonly number[]) => void;
}

function Choices({ poll, chosen, onChange }: ChoicesProps) {
  const t = pollTexts();
  const single = poll.choice === 'single';
  const toggle = (position: number) => {
    if (single) return onChange([position]);
    const others = chosen.filter((other) => other !== position);
    const removed = others.length < chosen.length;
    onChange(removed ? others : [...others, position].sort((a, b) => a - b));
  };
  return (
    <fieldset class="stack stack--tight">
      <legend class="faint small">{single ? t.single : t.multiple}</legend>
      {poll.options.map((option) => (
        <label class="choice" key={option.position}>
          <input
            type={single ? 'radio' : 'checkbox'}
            name={poll.id}
            checked={chosen.includes(option.position)}
            onChange={() => toggle(option.position)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
