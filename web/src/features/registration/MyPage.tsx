// /my: what an HCP registered for, with the way in, one's data, and cancelling.
import { useId, useState } from 'preact/hooks';
import { formatDateTime, formatLongDay, formatMinutes, formatTime, formatZone, unbroken } from '../../i18n';
import { common } from '../../i18n/common';
import { api, ApiError } from '../../net/api';
import type { MyRegistration } from '../../net/types';
import { useAction } from '../../state/action';
import { forgetMe } from '../../state/me';
import { useResource } from '../../state/resource';
import { StateBadge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { toast } from '../../ui/Toast';
import { registrationTexts } from './texts';

export default function MyPage() {
  const t = registrationTexts();
  const mine = useResource('my', api.myRegistration);
  const [cancelled, setCancelled] = useState(false);
  if (cancelled)
    return (
      <PublicShell title={t.cancelled} width="narrow">
        <EmptyState icon="checkCircle" title={t.cancelled}>
          {t.cancelledText}
        </EmptyState>
      </PublicShell>
    );
  if (mine.loading) return <PageLoading />;
  if (mine.error instanceof ApiError && (mine.error.status === 401 || mine.error.status === 403))
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

function SessionCard({ session, zone }: { session: MyRegistration['sessions'][number]; zone: string }) {
  const t = registrationTexts();
  const open = session.state === 'lobby' || session.state === 'live';
  return (
    <Card
      title={session.title}
      text={
        <span class="number">
          {formatLongDay(session.starts_at, zone)}, {formatTime(session.starts_at, zone)} (
          {formatZone(session.starts_at, zone)})&nbsp;· {formatMinutes(session.planned_minutes)}
        </span>
      }
      actions={session.state !== 'lobby' && <StateBadge state={session.state} />}
    >
      <div class="stack">
        {session.description && <p class="muted prewrap">{session.description}</p>}
        {open ? (
          <div class="row">
            <LinkButton look="primary" href={`/live/${session.id}`} iconEnd="arrowRight">
              {session.state === 'live' ? t.enter : t.lobby}
            </LinkButton>
          </div>
        ) : (
          session.state === 'ended' && <p class="muted">{t.ended}</p>
        )}
      </div>
    </Card>
  );
}

function Manage({ mine, onChanged, onCancelled }: MineProps) {
  const t = registrationTexts();
  const [asking, setAsking] = useState<'name' | 'cancel' | null>(null);
  const close = () => setAsking(null);
  const coming = mine.sessions.some(({ state }) => state === 'lobby' || state === 'live');
  return (
    <Card title={t.manage} text={`${mine.email} · ${t.registeredAt} ${formatDateTime(mine.registered_at, mine.congress.time_zone)}`}>
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
      {asking === 'name' && (
        <NameDialog
          mine={mine}
          onClose={close}
          onDone={(changed) => {
            close();
            toast.good(common().saved);
            onChanged(changed);
          }}
        />
      )}
      {asking === 'cancel' && (
        <ConfirmDialog
          title={t.cancelTitle}
          text={t.cancelText}
          action={t.cancel}
          keep={t.keep}
          danger
          onConfirm={async () => {
            await api.cancelMine();
            forgetMe();
            onCancelled();
          }}
          onClose={close}
        />
      )}
    </Card>
  );
}

interface NameDialogProps {
  mine: MyRegistration;
  onClose: () => void;
  onDone: (mine: MyRegistration) => void;
}

function NameDialog({ mine, onClose, onDone }: NameDialogProps) {
  const t = registrationTexts();
  const c = common();
  const form = useId();
  const [first_name, setFirst] = useState(mine.first_name);
  const [last_name, setLast] = useState(mine.last_name);
  const save = useAction(async () => {
    const name = { first_name: first_name.trim(), last_name: last_name.trim() };
    onDone(await api.changeMyName(name));
  });
  const footer = (
    <>
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {c.save}
      </Button>
    </>
  );
  return (
    <Dialog title={t.rename} onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={() => save.run()} error={save.text(['first_name', 'last_name'])}>
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
      </Form>
    </Dialog>
  );
}
