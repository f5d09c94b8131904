// Opening and closing polls and showing their results, for those who conduct the session.
import { useState } from 'preact/hooks';
import type { SessionState } from '../../net/types';
import { Badge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { toast } from '../../ui/Toast';
import type { Poll } from './messages';
import { PollResults } from './PollResults';
import type { PollStore, PollVerb } from './store';
import { pollTexts } from './texts';

interface PollDeskProps {
  store: PollStore;
  session: string;
  mayRun: boolean;
  state: SessionState;
  /** HCPs present, to read the number of answers against. */
  people: number;
}

export function PollDesk({ store, session, mayRun, state, people }: PollDeskProps) {
  const t = pollTexts();
  const live = state === 'live';
  const over = state === 'ended';
  const polls = store.polls.value;
  if (polls.length === 0)
    return (
      <EmptyState
        icon="poll"
        title={t.nothing}
        action={
          !over && (
            <LinkButton href={`/sessions/${session}/polls`} icon="edit">
              {t.prepare}
            </LinkButton>
          )
        }
      >
        {!over && t.nothingText}
      </EmptyState>
    );
  return (
    <div class="stack">
      {!live && !over && <p class="muted small">{t.notLive}</p>}
      {polls.map((poll) => (
        <DeskPoll key={poll.id} poll={poll} store={store} mayRun={mayRun} live={live} people={people} />
      ))}
    </div>
  );
}

const tone = { draft: 'neutral', open: 'live', closed: 'info' } as const;

interface DeskPollProps extends Omit<PollDeskProps, 'session' | 'state'> {
  poll: Poll;
  live: boolean;
}

function DeskPoll({ poll, store, mayRun, live, people }: DeskPollProps) {
  const t = pollTexts();
  const [busy, setBusy] = useState<PollVerb | null>(null);
  const tally = store.tallies.value.get(poll.id);
  const run = async (verb: PollVerb) => {
    setBusy(verb);
    await store.run(poll.id, verb).catch(toast.error);
    setBusy(null);
  };
  const results: PollVerb = poll.results_shown ? 'hide_results' : 'show_results';
  return (
    <section class="poll" aria-label={poll.question}>
      <div class="row">
        <Badge tone={tone[poll.state]}>{t[poll.state]}</Badge>
        {poll.results_shown && <Badge tone="accent">{t.shown}</Badge>}
        {poll.state === 'open' && tally && (
          <span class="faint small number">{t.answers(tally.voters, people)}</span>
        )}
      </div>
      <h3>{poll.question}</h3>
      {poll.state === 'draft' || !tally ? (
        <ol class="poll__options muted small">
          {poll.options.map((option) => (
            <li key={option.position}>{option.text}</li>
          ))}
        </ol>
      ) : (
        <PollResults poll={poll} tally={tally} />
      )}
      {mayRun && (
        <div class="row">
          {poll.state === 'draft' && (
            <Button small look="primary" disabled={!live} busy={busy === 'open'} onClick={() => run('open')}>
              {t.openNow}
            </Button>
          )}
          {poll.state === 'open' && (
            <Button small look="primary" busy={busy === 'close'} onClick={() => run('close')}>
              {t.closeNow}
            </Button>
          )}
          {poll.state !== 'draft' && (
            <Button small busy={busy === results} onClick={() => run(results)}>
              {t[results]}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
