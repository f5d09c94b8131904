// Start, time, extend, end.
import { useState } from 'preact/hooks';
import { formatClock, formatMinutes } from '../../i18n';
import { second } from '../../state/clock';
import { Badge, StateBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toast';
import { ConnectionChip } from '../live/ConnectionState';
import { Countdown } from '../live/Countdown';
import type { LiveRoom } from '../live/room';
import { liveTexts } from '../live/texts';
import { hostTexts } from './texts';

const STEP = 15;

export function HostBar({ room, mayConduct }: { room: LiveRoom; mayConduct: boolean }) {
  const now = room.session.session.value;
  const people = room.presence.people.value ?? 0;
  if (!now) return null;
  return (
    <section class="host-bar" aria-label={hostTexts().console}>
      <div class="host-bar__facts">
        <StateBadge state={now.state} />
        {now.state === 'live' ? <TimeLeft room={room} /> : <Countdown to={now.starts_at} />}
        <span class="number small">{liveTexts().people(people)}</span>
        <span class="small">
          <ConnectionChip connection={room.socket.connection.value} />
        </span>
      </div>
      {mayConduct && <Controls room={room} people={people} />}
    </section>
  );
}

function TimeLeft({ room }: { room: LiveRoom }) {
  const t = hostTexts();
  const now = room.session.session.value;
  if (!now?.live_at) return null;
  const end = new Date(now.live_at).getTime() + now.planned_minutes * 60_000;
  const left = (end - second.value) / 1000;
  const over = left < 0;
  return (
    <span class="host-bar__time">
      <strong class="number">{formatClock(Math.abs(left))}</strong>{' '}
      {over ? <Badge tone="warn">{t.over}</Badge> : <span class="faint small">{t.left}</span>}
      <span class="faint small">
        {t.planned} {formatMinutes(now.planned_minutes)}
      </span>
    </span>
  );
}

function Controls({ room, people }: { room: LiveRoom; people: number }) {
  const t = hostTexts();
  const [asking, ask] = useState<'start' | 'end' | null>(null);
  const [busy, setBusy] = useState(false);
  const now = room.session.session.value;
  if (!now) return null;
  const extend = async () => {
    setBusy(true);
    try {
      await room.session.extend(now.planned_minutes + STEP);
      toast.good(t.extended(now.planned_minutes + STEP));
    } catch (error) {
      toast.error(error);
    }
    setBusy(false);
  };
  return (
    <div class="row">
      {now.state === 'lobby' && (
        <Button look="primary" icon="play" onClick={() => ask('start')}>
          {t.start}
        </Button>
      )}
      {now.state === 'live' && (
        <>
          <Button icon="clock" busy={busy} onClick={extend}>
            {t.extend} {t.more(STEP)}
          </Button>
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
          onConfirm={async () => void (await room.session.start())}
          onClose={() => ask(null)}
        />
      )}
      {asking === 'end' && (
        <ConfirmDialog
          title={t.endTitle}
          text={t.endText}
          action={t.end}
          danger
          onConfirm={async () => void (await room.session.end())}
          onClose={() => ask(null)}
        />
      )}
    </div>
  );
}
