import { useEffect, useState } from 'preact/hooks';
import type { LivePart } from '../../features/feature';
import { SessionRoom } from './room';

/** Enters the session's room while the component is shown; null before the first effect. */
export function useRoom(
  session: string,
  staff: boolean,
  parts: readonly LivePart[],
): SessionRoom | null {
  const [room, setRoom] = useState<SessionRoom | null>(null);
  useEffect(() => {
    const opened = new SessionRoom(session, staff, parts);
    opened.start();
    setRoom(opened);
    return () => opened.stop();
  }, [session]);
  return room;
}
