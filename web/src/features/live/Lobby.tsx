// Before and after: waiting for the start, and the end.
import { formatLongDay, formatMinutes, formatTime, formatZone, unbroken } from '../../i18n';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { QuestionPanel } from '../questions/QuestionPanel';
import { useState } from 'preact/hooks';
import { ConnectionChip } from './ConnectionState';
import { Countdown } from './Countdown';
import { ListenAt } from './ListenAt';
import type { LiveRoom } from './room';
import { liveTexts } from './texts';

export function Lobby({ room }: { room: LiveRoom }) {
  const t = liveTexts();
  const session = room.session.session.value;
  const [asking, setAsking] = useState(false);
  if (!session) return null;
  const zone = session.congress.time_zone;
  const people = room.presence.people.value;
  return (
    <div class="stack stack--wide lobby">
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
      <ListenAt value={session.listen_at} />
      {session.description && (
        <section class="stack stack--tight" aria-label={t.description} lang={session.language}>
          <h2>{t.description}</h2>
          <p class="prewrap">{session.description}</p>
        </section>
      )}
      <section class="stack" aria-label={t.questions}>
        <div class="row">
          <Button icon="message" expanded={asking} onClick={() => setAsking(!asking)}>
            {t.ask}
          </Button>
          <LinkButton href="/my" look="quiet">
            {t.me}
          </LinkButton>
        </div>
        {asking && (
          <Card>
            <QuestionPanel store={room.questions} mayAsk />
          </Card>
        )}
      </section>
    </div>
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
