// Writing polls before the session and putting them in order.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Menu } from '../../ui/Menu';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { SessionTabProps } from '../feature';
import { adminTexts } from './adminTexts';
import { api } from './api';
import type { Poll } from './messages';
import { PollEditor } from './PollEditor';

type Doing = { what: 'edit'; poll: Poll | null } | { what: 'remove'; poll: Poll };

export default function PollsTab({ session: { id } }: SessionTabProps) {
  const t = adminTexts();
  const found = useResource(`polls ${id}`, async () => {
    const list = await api.polls(id);
    return list.items.sort((a, b) => a.position - b.position);
  });
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <ResourceView of={found}>
      {(polls) => (
        <>
          <PollList session={id} polls={polls} reload={found.reload} onDo={setDoing} />
          {doing?.what === 'edit' && (
            <PollEditor
              session={id}
              poll={doing.poll}
              onClose={() => setDoing(null)}
              onDone={() => {
                setDoing(null);
                toast.good(doing.poll ? common().saved : t.created);
                void found.reload();
              }}
            />
          )}
          {doing?.what === 'remove' && (
            <RemoveDialog
              title={t.remove}
              text={t.removeText(doing.poll.question)}
              remove={() => api.removePoll(doing.poll.id)}
              reload={found.reload}
              onClose={() => setDoing(null)}
            />
          )}
        </>
      )}
    </ResourceView>
  );
}

interface PollListProps {
  session: string;
  polls: Poll[];
  reload: () => Promise<void>;
  onDo: (doing: Doing) => void;
}

function PollList({ session, polls, reload, onDo }: PollListProps) {
  const t = adminTexts();
  const order = useOrder(session, polls, reload);
  const mayEdit = hasRole('organiser', 'host', 'moderator');
  const add = mayEdit && <AddButton onDo={onDo} />;
  if (polls.length === 0)
    return (
      <Card>
        <EmptyState icon="poll" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  const actions = (poll: Poll, index: number) => (
    <PollActions
      poll={poll}
      first={index === 0}
      last={index === polls.length - 1}
      busy={order.busy}
      onMove={(by) => void order.move(index, by)}
      onDo={(what) => onDo({ what, poll })}
    />
  );
  return (
    <>
      <div class="row row--between">
        <p class="muted">{t.lead}</p>
        {add}
      </div>
      <ol class="plain stack">
        {polls.map((poll, index) => (
          <li key={poll.id}>
            <PollCard poll={poll} actions={mayEdit && actions(poll, index)} />
          </li>
        ))}
      </ol>
    </>
  );
}

function AddButton({ onDo }: Pick<PollListProps, 'onDo'>) {
  return (
    <Button look="primary" icon="add" onClick={() => onDo({ what: 'edit', poll: null })}>
      {adminTexts().add}
    </Button>
  );
}

function useOrder(session: string, polls: Poll[], reload: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const move = async (index: number, by: -1 | 1) => {
    const ids = polls.map((poll) => poll.id);
    const [moved] = ids.splice(index, 1);
    if (!moved) return;
    ids.splice(index + by, 0, moved);
    setBusy(true);
    try {
      await api.orderPolls(session, ids);
      await reload();
    } catch (error) {
      toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, move };
}

interface PollActionsProps {
  poll: Poll;
  first: boolean;
  last: boolean;
  busy: boolean;
  onMove: (by: -1 | 1) => void;
  onDo: (what: 'edit' | 'remove') => void;
}

function PollActions({ poll, first, last, busy, onMove, onDo }: PollActionsProps) {
  const t = adminTexts();
  return (
    <div class="poll-card__actions">
      <IconButton
        icon="arrowUp"
        label={t.up(poll.question)}
        disabled={first || busy}
        onClick={() => onMove(-1)}
      />
      <IconButton
        icon="arrowDown"
        label={t.down(poll.question)}
        disabled={last || busy}
        onClick={() => onMove(1)}
      />
      {poll.state === 'draft' && (
        <Menu
          label={common().named(common().moreActions, poll.question)}
          items={[
            { label: t.edit, icon: 'edit', onClick: () => onDo('edit') },
            { label: t.remove, icon: 'trash', danger: true, onClick: () => onDo('remove') },
          ]}
        />
      )}
    </div>
  );
}

const tone = { draft: 'neutral', open: 'live', closed: 'info' } as const;

function PollCard({ poll, actions }: { poll: Poll; actions: ComponentChildren }) {
  const t = adminTexts();
  const facts = (
    <span class="row row--facts">
      <Badge tone={tone[poll.state]}>{t.state[poll.state]}</Badge>
      <span>{poll.choice === 'single' ? t.single : t.multiple}</span>
      <span>{t.count(poll.options.length)}</span>
    </span>
  );
  return (
    <Card title={poll.question} text={facts} actions={actions}>
      <ol class="poll-card__options">
        {poll.options.map((option) => (
          <li key={option.position}>{option.text}</li>
        ))}
      </ol>
    </Card>
  );
}
