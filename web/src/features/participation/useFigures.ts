// The figures of a session: computed by the server on request, pushed over the socket while the
// session can change, whichever came last.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../../net/api';
import { type Connection, LiveSocket, liveUrl } from '../../net/socket';
import type { Figures, Session } from '../../net/types';
import { setServerTime } from '../../state/clock';
import { type Resource, useResource } from '../../state/resource';
import { FiguresStore } from './live';

interface LiveFigures {
  rest: Resource<Figures>;
  figures: Figures | null;
  /** Null when the session is not one that pushes. */
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
    const store = new FiguresStore();
    const socket = new LiveSocket({
      url: liveUrl(),
      session: session.id,
      handlers: {
        hello: (hello) => setServerTime(hello.now),
        snapshot: () => store.snapshot(),
        event: ({ event }) => {
          if (event.startsWith('session.')) changed.current();
        },
        state: (state) => store.state(state),
      },
    });
    const stopFigures = store.figures.subscribe((figures) => figures && setPushed(figures));
    const stopConnection = socket.connection.subscribe(setConnection);
    socket.start();
    return () => {
      stopFigures();
      stopConnection();
      socket.stop();
    };
  }, [session.id, pushes]);
  return { rest, figures: pushed ?? rest.value, connection: pushes ? connection : null };
}
