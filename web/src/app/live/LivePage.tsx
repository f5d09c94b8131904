// /live/:session: the lobby with its countdown, then the room, for HCPs.
import { useEffect, useState } from 'preact/hooks';
import type { LivePart } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import { language, languageChosen, setLanguage } from '../../i18n';
import type { Connection } from '../../net/connection';
import type { MyRegistration } from '../../net/types';
import { hcp, load, staff } from '../../state/me';
import { LinkButton } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { Lazy } from '../../ui/Lazy';
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
    load('hcp')
      .then(() => (hcp.value ? undefined : load('staff')))
      .then(() => setAsked(true), setError);
  }, []);
  if (error !== null) return <ErrorState error={error} onRetry={() => location.reload()} page />;
  if (!asked) return <PageLoading />;
  const who = hcp.value;
  if (!who && staff.value) return <ToConsole session={session} />;
  if (!who) return <Lazy load={notRegistered} props={{}} />;
  return <Connected key={who.id} session={session} parts={parts} registration={who} />;
}

const notRegistered = () => import('./NotRegistered');

function ToConsole({ session }: { session: string }) {
  useEffect(() => location.replace(`/host/${session}`), []);
  return <PageLoading />;
}

interface ConnectedProps {
  session: string;
  parts: readonly LivePart[];
  registration: MyRegistration;
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
      person={`${registration.first_name} ${registration.last_name}`}
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
