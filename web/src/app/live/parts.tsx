// Shows what features put into a room, in the live room and in the host console.
import type { Panel } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import type { SessionRoom } from './room';
import type { SideTab } from './SidePanel';

export interface RoomProps {
  room: SessionRoom;
  session: LiveSession;
}

/** The panels in their order, those that stand behind the others last. */
export function panelsOf(room: SessionRoom): Panel[] {
  const panels = room.parts.flatMap(({ panel }) => (panel?.shown(room) ? [panel] : []));
  return [...panels.filter(({ later }) => !later), ...panels.filter(({ later }) => later)];
}

export const arrangement = (room: SessionRoom): string =>
  room.parts.flatMap((part) => part.arrange(room) ?? []).join(' ');

/** What opens by itself, whatever the room shows. */
export function Overs({ room, session }: RoomProps) {
  return (
    <>
      {room.parts.map(({ Over }, index) => Over && <Over key={index} room={room} session={session} />)}
    </>
  );
}

/** What everybody is to see of the session beside its state. */
export function Marks({ room, session }: RoomProps) {
  return (
    <>
      {room.parts.map(({ Mark }, index) => Mark && <Mark key={index} room={room} session={session} />)}
    </>
  );
}

export function Stages({ room, session }: RoomProps) {
  return (
    <>
      {room.parts.map(
        ({ stage: Stage }, index) => Stage && <Stage key={index} room={room} session={session} />,
      )}
    </>
  );
}

export function sideTabs(panels: readonly Panel[], { room, session }: RoomProps): SideTab[] {
  return panels.map(({ key, label, icon, mark, View }) => ({
    key,
    icon,
    label: label(),
    mark: mark(room),
    content: <View key={key} room={room} session={session} />,
  }));
}
