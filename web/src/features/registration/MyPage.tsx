// /my: what an HCP registered for, with the way in, one's data, and cancelling.
import { useState } from 'preact/hooks';
import { formatDateTime, formatLongDay, formatMinutes, formatTime, formatZone } from '../../i18n';
import { api, ApiError } from '../../net/api';
import type { MyRegistration } from '../../net/types';
import { forgetMe } from '../../state/me';
import { useResource } from '../../state/resource';
import { StateBadge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
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
        <Banner title={t.signIn}>{t.signInText}</Banner>
      </PublicShell>
    );
  if (!mine.value) return <ErrorState error={mine.error} onRetry={mine.reload} page />;
  return <Mine mine={mine.value} onCancelled={() => setCancelled(true)} />;
}

function Mine({ mine, onCancelled }: { mine: MyRegistration; onCancelled: () => void }) {
  const t = registrationTexts();
  return (
    <PublicShell title={t.my} organisation={mine.organisation}>
      <div class="stack stack--wide">
        <header class="stack stack--tight">
          <p class="muted">{mine.congress.title}</p>
          <h1>{t.hello(`${mine.first_name} ${mine.last_name}`)}</h1>
        </header>
        <section class="stack" aria-label={t.sessions}>
          {mine.sessions.map((session) => (
            <SessionCard key={session.id} session={session} zone={mine.congress.time_zone} />
          ))}
        </section>
        <Manage mine={mine} onCancelled={onCancelled} />
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
          {formatZone(session.starts_at, zone)}) · {formatMinutes(session.planned_minutes)}
        </span>
      }
      actions={<StateBadge state={session.state} />}
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

function Manage({ mine, onCancelled }: { mine: MyRegistration; onCancelled: () => void }) {
  const t = registrationTexts();
  const [asking, setAsking] = useState(false);
  return (
    <Card title={t.manage} text={`${mine.email} · ${t.registeredAt} ${formatDateTime(mine.registered_at, null)}`}>
      <div class="row">
        <LinkButton href={api.myDataPath} icon="download" download>
          {t.data}
        </LinkButton>
        <Button look="danger-quiet" onClick={() => setAsking(true)}>
          {t.cancel}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.cancelTitle}
          text={t.cancelText}
          action={t.cancel}
          danger
          onConfirm={async () => {
            await api.cancelMine();
            forgetMe();
            onCancelled();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Card>
  );
}
