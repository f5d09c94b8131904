// Begins to hear and to give. The library for it is fetched first; both end with the room.
import { serverNow } from '../../state/clock';
import type { Room } from '../feature';
import { listening, studio } from './here';
import { Listening } from './listening';
import type { StageStore } from './store';
import { Studio } from './studio';

type RoomState = Pick<Room, 'live' | 'over'>;

export async function listen(store: StageStore, room: RoomState): Promise<void> {
  const { createPlayer } = await import('../../media');
  if (listening.value || store.stopped) return;
  const opened = new Listening(createPlayer(), store, room);
  listening.value = opened;
  store.stops.push(() => {
    opened.close();
    listening.value = null;
  });
}

export async function openStudio(store: StageStore, session: string, room: RoomState): Promise<Studio> {
  const { createCapture, EchoWatch, support } = await import('../../media');
  if (studio.value) return studio.value;
  const capture = createCapture({ serverNow });
  const opened = new Studio(capture, support(), store, session, {
    hear: () => void listening.value?.start(),
    isOver: () => room.over,
    others: () => loudest(listening.value),
    echo: new EchoWatch(),
  });
  studio.value = opened;
  store.stops.push(() => {
    opened.close();
    studio.value = null;
  });
  return opened;
}

function loudest(from: Listening | null): number {
  const voices = from?.state.peek().voices.filter(({ playing }) => playing) ?? [];
  return Math.min(127, ...voices.map(({ dbov }) => dbov));
}
