// /my: what an HCP registered for, with the way in, one's data, and cancelling.
import { useState } from 'preact/hooks';
import {
  formatDateTime,
  formatLongDay,
  formatMinutes,
  formatTime,
  formatZone,
  unbroken,
} from '../../i18n';
import { common } from '../../i18n/common';
import { ApiError } from '../../net/api';
import type { MyRegistration } from '../../net/types';
import { useAction } from '../../state/action';
import { forgetMe } from '../../state/me';
import { useResource } from '../../state/resource';
import { StateBadge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { registrationTexts } from './texts';

export default function MyPage() {
  const t = registrationTexts();
  const mine = useResource('my', api.myRegistration);
  const [cancelled, setCancelled] = useState(false);
  if (cancelled)
    return (
      <PublicShell title={t.cancelled} width="narrow">
        <EmptyState heading icon="checkCircle" title={t.cancelled}>
          {t.cancelledText}
        </EmptyState>
      </PublicShell>
    );
  if (mine.loading) return <PageLoading />;
  if (isSignedOut(mine.error))
    return (
      <PublicShell title={t.signIn} width="narrow">
        <EmptyState heading icon="link" title={t.signIn}>
          {t.signInText}
        </EmptyState>
      </PublicShell>
    );
  if (!mine.value) return <ErrorState error={mine.error} onRetry={mine.reload} page />;
  return <Mine mine={mine.value} onChanged={mine.set} onCancelled={() => setCancelled(true)} />;
}

const isSignedOut = (error: unknown) =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);

interface MineProps {
  mine: MyRegistration;
  onChanged: (mine: MyRegistration) => void;
  onCancelled: () => void;
}

function Mine(props: MineProps) {
  const { mine } = props;
  const t = registrationTexts();
  return (
    <PublicShell title={t.my} organisation={mine.organisation}>
      <div class="stack stack--wide">
        <header class="stack stack--tight">
          <p class="muted">{unbroken(mine.congress.title)}</p>
          <h1>{t.hello(`${mine.first_name} ${mine.last_name}`)}</h1>
        </header>
        <section class="stack" aria-label={t.sessions}>
          {mine.sessions.map((session) => (
            <SessionCard key={session.id} session={session} zone={mine.congress.time_zone} />
          ))}
        </section>
        <Manage {...props} />
      </div>
    </PublicShell>
  );
}

type MySession = MyRegistration['sessions'][number];

function SessionCard({ session, zone }: { session: MySession; zone: string }) {
  const { state, starts_at, description } = session;
  const when = (
    <span class="number">
      {formatLongDay(starts_at, zone)}, {formatTime(starts_at, zone)} ({formatZone(starts_at, zone)}
      )&nbsp;· {formatMinutes(session.planned_minutes)}
    </span>
  );
  return (
    <Card
      title={session.title}
      text={when}
      actions={state !== 'lobby' && <StateBadge state={state} />}
    >
      <div class="stack">
        {description && <p class="muted prewrap">{description}</p>}
        <WayIn session={session} />
      </div>
    </Card>
  );
}

function WayIn({ session: { id, state } }: { session: MySession }) {
  const t = registrationTexts();
  if (state === 'ended') return <p class="muted">{t.ended}</p>;
  if (state !== 'lobby' && state !== 'live') return null;
  return (
    <div class="row">
      <LinkButton look="primary" href={`/live/${id}`} iconEnd="arrowRight">
        {state === 'live' ? t.enter : t.lobby}
      </LinkButton>
    </div>
  );
}

function Manage({ mine, onChanged, onCancelled }: MineProps) {
  const t = registrationTexts();
  const [asking, setAsking] = useState<'name' | 'cancel' | null>(null);
  const close = () => setAsking(null);
  const coming = mine.sessions.some(({ state }) => state === 'lobby' || state === 'live');
  const registered = formatDateTime(mine.registered_at, mine.congress.time_zone);
  const renamed = (changed: MyRegistration) => {
    close();
    toast.good(common().saved);
    onChanged(changed);
  };
  return (
    <Card title={t.manage} text={`${mine.email} · ${t.registeredAt} ${registered}`}>
      <div class="row">
        <LinkButton href={api.myDataPath} icon="download" download>
          {t.data}
        </LinkButton>
        <Button icon="edit" onClick={() => setAsking('name')}>
          {t.rename}
        </Button>
        {coming && (
          <Button look="danger-quiet" onClick={() => setAsking('cancel')}>
            {t.cancel}
          </Button>
        )}
      </div>
      {asking === 'name' && <NameDialog mine={mine} onClose={close} onDone={renamed} />}
      {asking === 'cancel' && <CancelDialog onClose={close} onCancelled={onCancelled} />}
    </Card>
  );
}

interface CancelDialogProps {
  onClose: () => void;
  onCancelled: () => void;
}

function CancelDialog({ onClose, onCancelled }: CancelDialogProps) {
  const t = registrationTexts();
  const cancel = async () => {
    await api.cancelMine();
    forgetMe();
    onCancelled();
  };
  return (
    <ConfirmDialog
      title={t.cancelTitle}
      text={t.cancelText}
      action={t.cancel}
      keep={t.keep}
      danger
      onConfirm={cancel}
      onClose={onClose}
    />
  );
}

interface NameDialogProps {
  mine: MyRegistration;
  onClose: () => void;
  onDone: (mine: MyRegistration) => void;
}

function NameDialog({ mine, onClose, onDone }: NameDialogProps) {
  const t = registrationTexts();
  const [first_name, setFirst] = useState(mine.first_name);
  const [last_name, setLast] = useState(mine.last_name);
  const save = useAction(async () => {
    const name = { first_name: first_name.trim(), last_name: last_name.trim() };
    onDone(await api.changeMyName(name));
  });
  return (
    <FormDialog
      title={t.rename}
      action={save}
      fields={['first_name', 'last_name']}
      submit={common().save}
      onClose={onClose}
    >
      <p class="muted">{t.renameText}</p>
      <Input
        label={t.firstName}
        autocomplete="given-name"
        maxLength={100}
        required
        value={first_name}
        onInput={setFirst}
        error={save.field('first_name')}
      />
      <Input
        label={t.lastName}
        autocomplete="family-name"
        maxLength={100}
        required
        value={last_name}
        onInput={setLast}
        error={save.field('last_name')}
      />
    </FormDialog>
  );
}
