// The figures of a session: asked for once over HTTP, then pushed over the socket while the session can
// change. The latest are shown.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Connection } from '../../net/connection';
import type { Session } from '../../net/types';
import { type Resource, useResource } from '../../state/resource';
import { LiveRoom } from '../../state/room';
import { api } from './api';
import type { Figures } from './messages';
import { figuresStore } from './store';

interface LiveFigures {
  rest: Resource<Figures>;
  figures: Figures | null;
  /** Null when the session's figures no longer change, so that nothing is pushed. */
  connection: Connection | null;
}

/** `onChange` is told when the session itself starts, ends or is edited. */
export function useFigures(session: Session, onChange: () => void): LiveFigures {
  const rest = useResource<Figures>(`figures ${session.id}`, () => api.participation(session.id));
  const pushes = session.state === 'lobby' || session.state === 'live';
  const [pushed, setPushed] = useState<Figures | null>(null);
  const [connection, setConnection] = useState<Connection | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    if (!pushes) return;
    const room = new LiveRoom(session.id, true, [figuresStore]);
    const { figures, sessionChanges } = room.store(figuresStore);
    const stop = [
      figures.subscribe((now) => now && setPushed(now)),
      sessionChanges.subscribe((count) => count > 0 && changed.current()),
      room.socket.connection.subscribe(setConnection),
    ];
    room.start();
    return () => {
      for (const end of stop) end();
      room.stop();
    };
  }, [session.id, pushes]);
  return { rest, figures: pushed ?? rest.value, connection: pushes ? connection : null };
}
