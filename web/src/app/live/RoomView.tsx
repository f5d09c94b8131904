// The live room: the stage large, the panels beside it (below it on a phone).
import { useEffect, useState } from 'preact/hooks';
import type { Panel } from '../../features/feature';
import { formatClock, unbroken } from '../../i18n';
import { second } from '../../state/clock';
import { Badge } from '../../ui/Badge';
import { ConnectionChip } from './ConnectionState';
import { ListenAt } from './ListenAt';
import { type RoomProps, sideTabs, Stages } from './parts';
import type { SessionRoom } from './room';
import { SidePanel } from './SidePanel';
import { liveTexts } from './texts';

/** The key of the panel in front: the one chosen last, by the person or by a panel's call. */
function useFront(all: readonly Panel[], room: SessionRoom) {
  const [front, setFront] = useState(all[0]?.key ?? '');
  const calling = all.find((panel) => panel.calls(room) !== null);
  const call = calling ? `${calling.key} ${calling.calls(room)}` : null;
  useEffect(() => {
    if (calling) setFront(calling.key);
  }, [call]);
  return [front, setFront] as const;
}

export function RoomView({ room, session }: RoomProps) {
  const panels = room.parts.flatMap(({ panel }) => panel ?? []);
  const [front, setFront] = useFront(panels, room);
  return (
    <div class="room">
      <header class="room__head">
        <div class="room__title">
          <h1>{unbroken(session.title)}</h1>
          <RoomFacts room={room} session={session} />
        </div>
      </header>
      <div class="room__main stack">
        <Stages room={room} session={session} />
        <ListenAt value={session.listen_at} />
      </div>
      <SidePanel
        label={liveTexts().panels}
        current={front}
        onSelect={setFront}
        tabs={sideTabs(panels, { room, session })}
      />
    </div>
  );
}

function RoomFacts({ room, session }: RoomProps) {
  const t = liveTexts();
  const people = room.people;
  const since = session.live_at ? (second.value - new Date(session.live_at).getTime()) / 1000 : 0;
  return (
    <p class="row small room__facts">
      <Badge tone="live">{t.live}</Badge>
      <span class="faint number">
        {t.since} {formatClock(since)}
      </span>
      {people !== null && <span class="faint number">{t.people(people)}</span>}
      <ConnectionChip connection={room.socket.connection.value} />
    </p>
  );
}
