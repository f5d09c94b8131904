// /my: what an HCP registered for, with the way in, one's data, and cancelling.
import { useState } from 'preact/hooks';
import { formatDateTime, unbroken } from '../../i18n';
import { formatSlot } from '../../i18n/zone';
import { ApiError } from '../../net/api';
import type { MyRegistration } from '../../net/types';
import { useAction } from '../../state/action';
import { forgetDrafts } from '../../state/drafts';
import { forget, hcp, signedInAsHcp, signOut } from '../../state/me';
import { useResource } from '../../state/resource';
import { StateBadge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { DownloadButton } from '../../ui/DownloadButton';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { ProgrammeList } from '../../ui/ProgrammeList';
import { api } from './api';
import { MyDetails } from './MyDetails';
import { WholeProgramme } from './WholeProgramme';
import { NoLink } from './NoLink';
import { registrationTexts } from './texts';

export default function MyPage() {
  const t = registrationTexts();
  const mine = useResource('my', async () => {
    const found = await api.myRegistration();
    signedInAsHcp(found);
    return found;
  });
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
  if (hcp.value === null || isSignedOut(mine.error))
    return <NoLink title={t.signIn}>{t.signInText}</NoLink>;
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
  const name = `${mine.first_name} ${mine.last_name}`;
  const changed = (now: MyRegistration) => {
    signedInAsHcp(now);
    props.onChanged(now);
  };
  return (
    <PublicShell title={t.my} organisation={mine.organisation} person={name}>
      <div class="stack stack--wide">
        <header class="stack stack--tight">
          <p class="muted">{unbroken(mine.congress.title)}</p>
          <h1>{t.hello(name)}</h1>
          {mine.sessions.length > 1 && <WholeProgramme path={mine.programme_page} />}
        </header>
        <section class="stack" aria-label={t.sessions}>
          {mine.sessions.map((session) => (
            <SessionCard key={session.id} session={session} zone={mine.congress.time_zone} />
          ))}
        </section>
        <MyDetails mine={mine} onChanged={changed} />
        <Manage {...props} />
      </div>
    </PublicShell>
  );
}

type MySession = MyRegistration['sessions'][number];

function SessionCard({ session, zone }: { session: MySession; zone: string }) {
  const { state, starts_at, planned_minutes, description } = session;
  const when = <span class="number">{formatSlot(starts_at, planned_minutes, zone)}</span>;
  return (
    <Card
      title={session.title}
      text={when}
      actions={state !== 'lobby' && <StateBadge state={state} />}
    >
      <div class="stack">
        {description && <p class="muted prewrap">{description}</p>}
        {state !== 'cancelled' && (
          <ProgrammeList programme={session.programme} startsAt={starts_at} zone={zone} language={session.language} />
        )}
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

function Manage({ mine, onCancelled }: MineProps) {
  const t = registrationTexts();
  const [cancelling, setCancelling] = useState(false);
  const leave = useAction(async () => {
    await signOut('hcp');
    forget('hcp');
  });
  const coming = mine.sessions.some(({ state }) => state === 'lobby' || state === 'live');
  const registered = formatDateTime(mine.registered_at, mine.congress.time_zone);
  return (
    <Card title={t.manage} text={`${t.registeredAt} ${registered}`}>
      <div class="row">
        <DownloadButton href={api.myDataPath}>{t.data}</DownloadButton>
        {coming && (
          <Button look="danger-quiet" onClick={() => setCancelling(true)}>
            {t.cancel}
          </Button>
        )}
        <Button look="quiet" icon="signOut" busy={leave.busy} onClick={() => leave.run()}>
          {t.signOut}
        </Button>
      </div>
      {leave.error !== null && <Banner tone="bad">{leave.text()}</Banner>}
      {cancelling && (
        <CancelDialog mine={mine} onClose={() => setCancelling(false)} onCancelled={onCancelled} />
      )}
    </Card>
  );
}

interface CancelDialogProps {
  mine: MyRegistration;
  onClose: () => void;
  onCancelled: () => void;
}

function CancelDialog({ mine, onClose, onCancelled }: CancelDialogProps) {
  const t = registrationTexts();
  const cancel = async () => {
    await api.cancelMine();
    forgetDrafts(mine.id);
    forget('hcp');
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
