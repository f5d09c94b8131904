// /live/:session: the lobby with its countdown, then the room, for HCPs.
import { useEffect, useState } from 'preact/hooks';
import type { LivePart } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import { language, languageChosen, setLanguage } from '../../i18n';
import type { Connection } from '../../net/socket';
import type { HcpMe } from '../../net/types';
import { loadMe, me } from '../../state/me';
import { LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { Announcer } from './Announcer';
import { ConnectionBanner } from './ConnectionState';
import { Over } from './Over';
import type { RoomPageProps, SessionRoom } from './room';
import { RoomView } from './RoomView';
import { liveTexts } from './texts';
import { useRoom } from './useRoom';

export default function LivePage({ params, parts }: RoomPageProps) {
  const session = params.session ?? '';
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    loadMe().then(() => setAsked(true), setError);
  }, []);
  if (error !== null) return <ErrorState error={error} onRetry={() => location.reload()} page />;
  if (!asked) return <PageLoading />;
  const who = me.value;
  if (who?.kind !== 'hcp') return <NotRegistered staff={who?.kind === 'staff'} session={session} />;
  return <Connected session={session} parts={parts} registration={who.registration} />;
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
  parts: readonly LivePart[];
  registration: HcpMe['registration'];
}

function Connected({ session, parts, registration }: ConnectedProps) {
  const room = useRoom(session, false, parts);
  useEffect(() => {
    const mine = registration.language;
    if (!languageChosen() && language.value !== mine) setLanguage(mine, false);
  }, [session]);
  return (
    <>
      <Announcer room={room} />
      <Page room={room} registration={registration} />
    </>
  );
}

function Page({ room, registration }: Omit<ConnectedProps, 'session' | 'parts'> & { room: SessionRoom | null }) {
  const connection = room?.socket.connection.value;
  if (!room || !connection) return <PageLoading />;
  const now = room.session;
  if (!now && connection.is !== 'closed' && connection.is !== 'waiting') return <PageLoading />;
  const over = now?.state === 'ended' || now?.state === 'cancelled';
  const t = liveTexts();
  const ending = now?.state === 'ended' ? t.over : t.cancelled;
  const title = over ? `${ending} · ${now.title}` : (now?.title ?? '');
  return (
    <PublicShell
      title={title}
      organisation={registration.organisation}
      width={!now || over ? 'reading' : 'room'}
    >
      <div class="stack live-banner">
        <ConnectionBanner connection={connection} />
      </div>
      {now && <Stage room={room} session={now} />}
      <WayBack connection={connection} />
    </PublicShell>
  );
}

function Stage({ room, session }: { room: SessionRoom; session: LiveSession }) {
  const over = session.state === 'ended' || session.state === 'cancelled';
  return over ? <Over room={room} session={session} /> : <RoomView room={room} session={session} />;
}

function WayBack({ connection }: { connection: Connection }) {
  if (connection.is !== 'closed') return null;
  return (
    <p class="row">
      <LinkButton href="/my">{liveTexts().me}</LinkButton>
    </p>
  );
}
