// /live/:session: the lobby with its countdown, then the room, for HCPs.
import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../../app/router';
import { language, languageChosen, setLanguage } from '../../i18n';
import { loadMe, me } from '../../state/me';
import { LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { ConnectionBanner } from './ConnectionState';
import { Lobby, Over } from './Lobby';
import { LiveRoom } from './room';
import { RoomView } from './RoomView';
import { liveTexts } from './texts';

export default function LivePage({ params }: PageProps) {
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    loadMe().then(() => setAsked(true), setError);
  }, []);
  if (error !== null) return <ErrorState error={error} onRetry={() => location.reload()} page />;
  if (!asked) return <PageLoading />;
  const who = me.value;
  if (who?.kind !== 'hcp') return <NotRegistered staff={who?.kind === 'staff'} session={params.session ?? ''} />;
  return <Connected session={params.session ?? ''} organisation={who.registration.organisation} mine={who.registration.language} />;
}

function NotRegistered({ staff, session }: { staff: boolean; session: string }) {
  const t = liveTexts();
  useEffect(() => {
    if (staff) location.replace(`/host/${session}`);
  }, [staff]);
  if (staff) return <PageLoading />;
  return (
    <PublicShell title={t.link} width="narrow">
      <EmptyState heading icon="link" title={t.link}>
        {t.linkText}
      </EmptyState>
    </PublicShell>
  );
}

interface ConnectedProps {
  session: string;
  organisation: { name: string; contact_email: string };
  mine: 'fr' | 'en';
}

function Connected({ session, organisation, mine }: ConnectedProps) {
  const t = liveTexts();
  const [room, setRoom] = useState<LiveRoom | null>(null);
  useEffect(() => {
    if (!languageChosen() && language.value !== mine) setLanguage(mine, false);
    const opened = new LiveRoom(session, false);
    setRoom(opened);
    return () => opened.stop();
  }, [session]);
  const connection = room?.socket.connection.value;
  const now = room?.session.session.value;
  if (!room || !connection) return <PageLoading />;
  if (!now && connection.is !== 'closed' && connection.is !== 'waiting') return <PageLoading />;
  return (
    <PublicShell title={now?.title ?? ''} organisation={organisation} width={now?.state === 'live' ? 'wide' : 'reading'}>
      <div class="stack live-banner">
        <ConnectionBanner connection={connection} />
      </div>
      {now?.state === 'live' && <RoomView room={room} />}
      {now && (now.state === 'lobby' || now.state === 'draft') && <Lobby room={room} />}
      {now && (now.state === 'ended' || now.state === 'cancelled') && <Over cancelled={now.state === 'cancelled'} />}
      {connection.is === 'closed' && (
        <p class="row">
          <LinkButton href="/my">{t.me}</LinkButton>
        </p>
      )}
    </PublicShell>
  );
}
