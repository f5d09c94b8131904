// Waiting for the start of a session, and what is shown when it is over.
import { useState } from 'preact/hooks';
import type { LiveSession } from '../../features/sessions/messages';
import { formatLongDay, formatMinutes, formatTime, formatZone, unbroken } from '../../i18n';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ConnectionChip } from './ConnectionState';
import { Countdown } from './Countdown';
import { ListenAt } from './ListenAt';
import type { RoomProps } from './parts';
import { liveTexts } from './texts';

export function Lobby({ room, session }: RoomProps) {
  const t = liveTexts();
  return (
    <div class="stack stack--wide lobby">
      <Title session={session} />
      <Waiting room={room} session={session} />
      <ListenAt value={session.listen_at} />
      {session.description && (
        <section class="stack stack--tight" aria-label={t.description} lang={session.language}>
          <h2>{t.description}</h2>
          <p class="prewrap">{session.description}</p>
        </section>
      )}
      <Meanwhile room={room} session={session} />
    </div>
  );
}

function Title({ session }: { session: LiveSession }) {
  const zone = session.congress.time_zone;
  return (
    <header class="stack stack--tight">
      {session.congress.title !== session.title && (
        <p class="muted">{unbroken(session.congress.title)}</p>
      )}
      <h1>{unbroken(session.title)}</h1>
      <p class="muted number">
        {formatLongDay(session.starts_at, zone)}, {formatTime(session.starts_at, zone)} (
        {formatZone(session.starts_at, zone)})&nbsp;· {formatMinutes(session.planned_minutes)}
      </p>
    </header>
  );
}

function Waiting({ room, session }: RoomProps) {
  const t = liveTexts();
  const people = room.people;
  return (
    <Card>
      <div class="stack lobby__wait">
        <Countdown to={session.starts_at} />
        <p class="banner__title">{t.lobby}</p>
        <p class="muted">{t.lobbyText}</p>
        <p class="row small">
          <ConnectionChip connection={room.socket.connection.value} />
          {people !== null && <span class="faint number">{t.people(people)}</span>}
        </p>
      </div>
    </Card>
  );
}

/** What people can do while they wait; a button opens each panel. */
function Meanwhile({ room, session }: RoomProps) {
  const t = liveTexts();
  const panels = room.parts.flatMap(({ lobby }) => lobby ?? []);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section class="stack" aria-label={t.meanwhile}>
      <div class="row">
        {panels.map(({ key, label, icon }) => (
          <Button
            key={key}
            {...(icon ? { icon } : {})}
            expanded={open === key}
            onClick={() => setOpen(open === key ? null : key)}
          >
            {label()}
          </Button>
        ))}
        <LinkButton href="/my" look="quiet">
          {t.me}
        </LinkButton>
      </div>
      {panels.map(
        ({ key, View }) =>
          open === key && (
            <Card key={key}>
              <View room={room} session={session} />
            </Card>
          ),
      )}
    </section>
  );
}

export function Over({ cancelled }: { cancelled: boolean }) {
  const t = liveTexts();
  return (
    <Card>
      <EmptyState
        icon={cancelled ? 'calendar' : 'checkCircle'}
        title={cancelled ? t.cancelled : t.over}
        action={<LinkButton href="/my">{t.me}</LinkButton>}
      >
        {cancelled ? t.cancelledText : t.overText}
      </EmptyState>
    </Card>
  );
}
