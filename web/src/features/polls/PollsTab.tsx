import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Poll } from '../../net/types';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, IconButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Menu } from '../../ui/Menu';
import { Skeleton } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import { adminTexts } from './adminTexts';
import { PollEditor } from './PollEditor';

type Doing = { what: 'edit'; poll: Poll | null } | { what: 'remove'; poll: Poll };

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

export function PollsTab({ session }: { session: string }) {
  const t = adminTexts();
  const found = useResource(`polls ${session}`, async () => {
    const list = await api.polls(session);
    return list.items.sort((a, b) => a.position - b.position);
  });
  const polls = found.value ?? [];
  const order = useOrder(session, polls, found.reload);
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const mayEdit = hasRole('organiser', 'host', 'moderator');
  const add = mayEdit ? (
    <Button look="primary" icon="add" onClick={() => setDoing({ what: 'edit', poll: null })}>
      {t.add}
    </Button>
  ) : null;
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={3} tall />;
  return (
    <>
      {polls.length === 0 ? (
        <Card>
          <EmptyState icon="poll" title={t.empty} action={add}>
            {t.emptyText}
          </EmptyState>
        </Card>
      ) : (
        <>
          <div class="row row--between">
            <p class="muted">{t.lead}</p>
            {add}
          </div>
          <ol class="plain stack">
            {polls.map((poll, index) => (
              <li key={poll.id}>
                <PollCard
                  poll={poll}
                  first={index === 0}
                  last={index === polls.length - 1}
                  busy={order.busy}
                  mayEdit={mayEdit}
                  onMove={(by) => void order.move(index, by)}
                  onDo={(what) => setDoing({ what, poll })}
                />
              </li>
            ))}
          </ol>
        </>
      )}
      {doing?.what === 'edit' && (
        <PollEditor
          session={session}
          poll={doing.poll}
          onClose={close}
          onDone={() => {
            close();
            toast.good(doing.poll ? common().saved : t.created);
            void found.reload();
          }}
        />
      )}
      {doing?.what === 'remove' && (
        <ConfirmDialog
          title={t.remove}
          text={t.removeText(doing.poll.question)}
          action={common().remove}
          danger
          onClose={close}
          onConfirm={async () => {
            await api.removePoll(doing.poll.id);
            await found.reload();
          }}
        />
      )}
    </>
  );
}

interface PollCardProps {
  poll: Poll;
  first: boolean;
  last: boolean;
  busy: boolean;
  mayEdit: boolean;
  onMove: (by: -1 | 1) => void;
  onDo: (what: 'edit' | 'remove') => void;
}

function PollCard({ poll, first, last, busy, mayEdit, onMove, onDo }: PollCardProps) {
  const t = adminTexts();
  const tone = poll.state === 'open' ? 'live' : poll.state === 'closed' ? 'info' : 'neutral';
  const actions = mayEdit && (
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
          label={`${common().moreActions}: ${poll.question}`}
          items={[
            { label: t.edit, icon: 'edit', onClick: () => onDo('edit') },
            { label: t.remove, icon: 'trash', danger: true, onClick: () => onDo('remove') },
          ]}
        />
      )}
    </div>
  );
  return (
    <Card
      title={poll.question}
      text={
        <span class="row deck-line">
          <Badge tone={tone}>{t.state[poll.state]}</Badge>
          <span>{poll.choice === 'single' ? t.single : t.multiple}</span>
          <span>{t.count(poll.options.length)}</span>
        </span>
      }
      actions={actions}
    >
      <ol class="poll-card__options">
        {poll.options.map((option) => (
          <li key={option.position}>{option.text}</li>
        ))}
      </ol>
    </Card>
  );
}
