// Opening and closing polls and showing their results, for those who conduct the session.
import { useState } from 'preact/hooks';
import { Badge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import type { Poll, Tally } from './messages';
import { PollResults } from './PollResults';
import type { PollStore, PollVerb } from './store';
import { pollTexts } from './texts';

export function PollDesk({ store, session, room }: ViewProps<PollStore>) {
  const t = pollTexts();
  const live = session.state === 'live';
  const over = session.state === 'ended';
  const polls = store.polls.value;
  if (polls.length === 0) return <NoPolls session={session.id} over={over} />;
  return (
    <div class="stack">
      {!live && !over && <p class="muted small">{t.notLive}</p>}
      {polls.map((poll) => (
        <section class="poll" aria-label={poll.question} key={poll.id}>
          <PollState poll={poll} tally={store.tallies.value.get(poll.id)} people={room.people} />
          <h3>{poll.question}</h3>
          <Answers poll={poll} tally={store.tallies.value.get(poll.id)} />
          {room.may.moderate && <Verbs poll={poll} store={store} live={live} />}
        </section>
      ))}
    </div>
  );
}

function NoPolls({ session, over }: { session: string; over: boolean }) {
  const t = pollTexts();
  if (over) return <EmptyState icon="poll" title={t.nothing} />;
  const prepare = (
    <LinkButton href={`/sessions/${session}/polls`} icon="edit">
      {t.prepare}
    </LinkButton>
  );
  return (
    <EmptyState icon="poll" title={t.nothing} action={prepare}>
      {t.nothingText}
    </EmptyState>
  );
}

const tone = { draft: 'neutral', open: 'live', closed: 'info' } as const;

interface PollProps {
  poll: Poll;
  tally: Tally | undefined;
}

/** `people` present, to read the number of answers against. */
function PollState({ poll, tally, people }: PollProps & { people: number | null }) {
  const t = pollTexts();
  return (
    <div class="row">
      <Badge tone={tone[poll.state]}>{t[poll.state]}</Badge>
      {poll.results_shown && <Badge tone="accent">{t.shown}</Badge>}
      {poll.state === 'open' && tally && (
        <span class="faint small number">{t.answers(tally.voters, people ?? 0)}</span>
      )}
    </div>
  );
}

function Answers({ poll, tally }: PollProps) {
  if (poll.state !== 'draft' && tally) return <PollResults poll={poll} tally={tally} />;
  return (
    <ol class="poll__options muted small">
      {poll.options.map((option) => (
        <li key={option.position}>{option.text}</li>
      ))}
    </ol>
  );
}

interface VerbsProps {
  poll: Poll;
  store: PollStore;
  live: boolean;
}

function Verbs({ poll, store, live }: VerbsProps) {
  const t = pollTexts();
  const [busy, setBusy] = useState<PollVerb | null>(null);
  const run = async (verb: PollVerb) => {
    setBusy(verb);
    await store.run(poll.id, verb).catch(toast.error);
    setBusy(null);
  };
  const button = (verb: PollVerb) => ({ small: true, busy: busy === verb, onClick: () => run(verb) });
  const results: PollVerb = poll.results_shown ? 'hide_results' : 'show_results';
  return (
    <div class="row">
      {poll.state === 'draft' && (
        <Button look="primary" disabled={!live} {...button('open')}>
          {t.openNow}
        </Button>
      )}
      {poll.state === 'open' && (
        <Button look="primary" {...button('close')}>
          {t.closeNow}
        </Button>
      )}
      {poll.state !== 'draft' && <Button {...button(results)}>{t[results]}</Button>}
    </div>
  );
}
