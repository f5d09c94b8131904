// Opening and closing polls and showing their results, for those who conduct the session.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Lazy } from '../../ui/Lazy';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import type { Poll, Tally } from './messages';
import { PollResults } from './PollResults';
import type { PollStore, PollVerb } from './store';
import { pollTexts } from './texts';

interface Editing {
  poll: Poll | null;
}

const loadEditor = async () => ({ default: (await import('./PollEditor')).PollEditor });

export function PollDesk({ store, session, room }: ViewProps<PollStore>) {
  const t = pollTexts();
  const live = session.state === 'live';
  const over = session.state === 'ended';
  const polls = store.polls.value;
  const [editing, edit] = useState<Editing | null>(null);
  const close = () => edit(null);
  const mayWrite = room.may.conduct && !over;
  const write = mayWrite && (
    <Button icon="add" small onClick={() => edit({ poll: null })}>
      {t.write}
    </Button>
  );
  return (
    <div class="stack">
      {polls.length === 0 ? <NoPolls over={over} action={write} /> : <div class="row">{write}</div>}
      {polls.length > 0 && !live && !over && <p class="muted small">{t.notLive}</p>}
      {polls.map((poll) => (
        <section class="poll" aria-label={poll.question} key={poll.id}>
          <PollState poll={poll} tally={store.tallies.value.get(poll.id)} people={room.people} />
          <h2 class="panel-title">{poll.question}</h2>
          <Answers poll={poll} tally={store.tallies.value.get(poll.id)} />
          {room.may.moderate && (
            <Verbs
              {...{ poll, store, live }}
              onEdit={mayWrite && poll.state === 'draft' ? () => edit({ poll }) : undefined}
            />
          )}
        </section>
      ))}
      {editing && (
        <Lazy
          load={loadEditor}
          props={{ session: session.id, poll: editing.poll, onClose: close, onDone: close }}
        />
      )}
    </div>
  );
}

function NoPolls({ over, action }: { over: boolean; action: ComponentChildren }) {
  const t = pollTexts();
  return (
    <EmptyState icon="poll" title={t.nothing} action={action}>
      {!over && action && t.nothingText}
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
  /** Undefined: the poll cannot be edited any more. */
  onEdit: (() => void) | undefined;
}

function Verbs({ poll, store, live, onEdit }: VerbsProps) {
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
      {onEdit && (
        <Button look="quiet" small onClick={onEdit}>
          {common().edit}
        </Button>
      )}
      {poll.state !== 'draft' && <Button {...button(results)}>{t[results]}</Button>}
    </div>
  );
}
