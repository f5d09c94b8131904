// /host/:session: conducting a session: the stage, the panels, start and end.
import { useState } from 'preact/hooks';
import type { LiveSession } from '../../features/sessions/messages';
import { unbroken } from '../../i18n';
import { ended, staff } from '../../state/me';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { PageLoading } from '../../ui/Progress';
import { LanguageSwitch, ThemeSwitch } from '../../ui/Preferences';
import { useArrival } from '../../ui/useArrival';
import { useTitle } from '../../ui/useTitle';
import { Announcer } from '../live/Announcer';
import { ConnectionBanner } from '../live/ConnectionState';
import { Overs, panelsOf, type RoomProps, sideTabs, Stages } from '../live/parts';
import type { RoomPageProps } from '../live/room';
import { SidePanel } from '../live/SidePanel';
import { useRoom } from '../live/useRoom';
import { Forgotten } from './Forgotten';
import { HostBar } from './HostBar';
import { hostTexts } from './texts';

export default function HostPage({ params, parts }: RoomPageProps) {
  const room = useRoom(params.session ?? '', true, parts);
  const now = room?.session;
  useTitle(now ? `${hostTexts().console} · ${now.title}` : hostTexts().console);
  const connection = room?.socket.connection.value;
  if (!room || !connection) return <PageLoading />;
  if (!now && (connection.is === 'connecting' || connection.is === 'online'))
    return <PageLoading />;
  const guest = staff.value?.account.guest_of; // sees no figures: host.css
  return (
    <div class={guest ? 'host host--guest' : 'host'}>
      <Announcer room={room} />
      {now && <HostHead session={now} />}
      <main class="host__main" id="main" tabIndex={-1}>
        <ConnectionBanner connection={connection} signedOut={guest ? null : <SignedOut />} />
        {now && <Console room={room} session={now} />}
      </main>
    </div>
  );
}

/** The console stays to be read; signing in leads back to it. */
function SignedOut() {
  const t = hostTexts();
  return (
    <Banner
      tone="bad"
      title={t.signedOut}
      action={
        <Button icon="key" onClick={() => ended('staff')}>
          {t.signIn}
        </Button>
      }
    >
      {t.signedOutText}
    </Banner>
  );
}

function HostHead({ session }: { session: LiveSession }) {
  const t = hostTexts();
  const base = `/sessions/${session.id}`;
  return (
    <header class="host__head">
      <LinkButton href={base} look="quiet" small icon="arrowLeft">
        {t.open}
      </LinkButton>
      <h1 class="host__title" lang={session.language}>{unbroken(session.title)}</h1>
      <div class="row host__tools">
        <LinkButton href={`${base}/participation`} look="quiet" small icon="chart" newTab>
          {t.participation}
        </LinkButton>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** The panels stay the same in every state: whatever was begun there is still there. */
function Console({ room, session }: RoomProps) {
  const t = hostTexts();
  const over = session.state === 'ended' || session.state === 'cancelled';
  return (
    <div class="stack">
      {!over && <HostBar room={room} session={session} />}
      {session.state === 'live' && <Forgotten session={session} people={room.people ?? 0} />}
      {session.state === 'draft' && (
        <Banner
          title={t.notPublished}
          action={<LinkButton href={`/sessions/${session.id}`}>{t.open}</LinkButton>}
        >
          {t.notPublishedText}
        </Banner>
      )}
      {!over && !room.may.move && <Banner>{t.follow}</Banner>}
      <div class="host__grid">
        {over ? (
          <Finished session={session} />
        ) : (
          <div class="host__stages">
            <Stages room={room} session={session} />
          </div>
        )}
        {session.state !== 'cancelled' && <Panels room={room} session={session} />}
      </div>
      {!over && <Overs room={room} session={session} />}
    </div>
  );
}

/** When the session has ended, only the panels that are still of use stay. */
function Panels({ room, session }: RoomProps) {
  const over = session.state === 'ended';
  const panels = panelsOf(room);
  const shown = over ? panels.filter((panel) => panel.afterwards) : panels;
  const [front, setFront] = useState(shown[0]?.key ?? '');
  return (
    <SidePanel
      label={hostTexts().panels}
      current={front}
      onSelect={setFront}
      tabs={sideTabs(shown, { room, session })}
    />
  );
}

function Finished({ session }: { session: LiveSession }) {
  const t = hostTexts();
  const here = useArrival<HTMLDivElement>();
  const cancelled = session.state === 'cancelled';
  return (
    <div class="card" tabIndex={-1} ref={here}>
      <EmptyState
        icon={cancelled ? 'calendar' : 'checkCircle'}
        title={cancelled ? t.cancelled : t.ended}
        action={
          <LinkButton look="primary" icon="chart" href={`/sessions/${session.id}/participation`}>
            {t.participation}
          </LinkButton>
        }
      >
        {!cancelled && t.endedText}
      </EmptyState>
    </div>
  );
}
