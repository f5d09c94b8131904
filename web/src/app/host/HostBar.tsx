// The bar of the host console: state, time, people; start, extend, end.
import { useState } from 'preact/hooks';
import type { LiveSession } from '../../features/sessions/messages';
import { type SessionStore, sessionStore } from '../../features/sessions/store';
import { formatClock, formatMinutes } from '../../i18n';
import { second } from '../../state/clock';
import { Badge, StateBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toast';
import { ConnectionChip } from '../live/ConnectionState';
import { Countdown } from '../live/Countdown';
import type { SessionRoom } from '../live/room';
import { liveTexts } from '../live/texts';
import { plannedEnd } from './plannedEnd';
import { hostTexts } from './texts';

const STEP_MINUTES = 15;

interface HostBarProps {
  room: SessionRoom;
  session: LiveSession;
}

export function HostBar({ room, session }: HostBarProps) {
  const people = room.people ?? 0;
  const live = session.state === 'live';
  return (
    <section class="host-bar" aria-label={hostTexts().console}>
      <div class="host-bar__facts">
        <StateBadge state={session.state} />
        {live ? <TimeLeft session={session} /> : <Countdown to={session.starts_at} />}
        <span class="number small">{liveTexts().people(people)}</span>
        <span class="small">
          <ConnectionChip connection={room.socket.connection.value} />
        </span>
      </div>
      {room.may.conduct && (
        <Controls store={room.store(sessionStore)} session={session} people={people} />
      )}
    </section>
  );
}

function TimeLeft({ session }: { session: LiveSession }) {
  const t = hostTexts();
  const end = plannedEnd(session);
  if (end === null) return null;
  const left = (end - second.value) / 1000;
  const over = left < 0;
  return (
    <span class="host-bar__time">
      <strong class="number" translate={false}>
        {formatClock(Math.abs(left))}
      </strong>{' '}
      {over ? <Badge tone="warn">{t.over}</Badge> : <span class="faint small">{t.left}</span>}
      <span class="faint small">
        {t.planned} {formatMinutes(session.planned_minutes)}
      </span>
    </span>
  );
}

interface ControlsProps {
  store: SessionStore;
  session: LiveSession;
  people: number;
}

function Controls({ store, session, people }: ControlsProps) {
  const t = hostTexts();
  const [asking, ask] = useState<'start' | 'end' | null>(null);
  return (
    <div class="row">
      {session.state === 'lobby' && (
        <Button look="primary" icon="play" onClick={() => ask('start')}>
          {t.start}
        </Button>
      )}
      {session.state === 'live' && (
        <>
          <ExtendButton store={store} session={session} />
          <Button look="danger" icon="stop" onClick={() => ask('end')}>
            {t.end}
          </Button>
        </>
      )}
      {asking === 'start' && (
        <ConfirmDialog
          title={t.startTitle}
          text={t.startText(people)}
          action={t.start}
          onConfirm={async () => void (await store.start())}
          onClose={() => ask(null)}
        />
      )}
      {asking === 'end' && (
        <ConfirmDialog
          title={t.endTitle}
          text={t.endText}
          action={t.end}
          danger
          onConfirm={async () => void (await store.end())}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}

function ExtendButton({ store, session }: Omit<ControlsProps, 'people'>) {
  const t = hostTexts();
  const [busy, setBusy] = useState(false);
  const extend = async () => {
    const minutes = session.planned_minutes + STEP_MINUTES;
    setBusy(true);
    try {
      await store.extend(minutes);
      toast.good(t.extended(minutes));
    } catch (error) {
      toast.error(error);
    }
    setBusy(false);
  };
  return (
    <Button icon="clock" busy={busy} onClick={extend}>
      {t.extend} {t.more(STEP_MINUTES)}
    </Button>
  );
}
