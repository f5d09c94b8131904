// Shows what features put into a room, in the live room and in the host console.
import type { Panel } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import type { SessionRoom } from './room';
import type { SideTab } from './SidePanel';

export interface RoomProps {
  room: SessionRoom;
  session: LiveSession;
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
