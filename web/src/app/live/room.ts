// A live session in this tab: one connection, the stores of all features, and what their views may know
// of the session and its people.
import type { LivePart, PageProps, Room } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import { presenceStore } from '../../features/presence/store';
import { sessionStore } from '../../features/sessions/store';
import type { Role } from '../../net/types';
import { LiveRoom } from '../../state/room';
import { features } from '../features';

const always = features.flatMap((feature) => feature.store ?? []);

/** The props of the pages that enter a room. */
export interface RoomPageProps extends PageProps {
  /** What the features put into the room. */
  parts: readonly LivePart[];
}

/** Its properties read signals: a component that uses them while rendering follows them. */
export class SessionRoom extends LiveRoom implements Room {
  constructor(
    session: string,
    staff: boolean,
    readonly parts: readonly LivePart[],
  ) {
    const stores = parts.map(({ store }) => store);
    super(session, staff, [...always, ...stores]);
  }

  /** Null before the first snapshot. */
  get session(): LiveSession | null {
    return this.store(sessionStore).session.value;
  }

  get people(): number | null {
    return this.store(presenceStore).people.value;
  }

  /** By the person's roles; in a session that is over nobody may do anything. */
  get may(): Room['may'] {
    const state = this.session?.state;
    const over = state === 'ended' || state === 'cancelled';
    const roles = this.store(sessionStore).person.value?.roles ?? [];
    const has = (...wanted: Role[]) => !over && wanted.some((role) => roles.includes(role));
    const conduct = has('organiser', 'host');
    return { conduct, moderate: conduct || has('moderator'), move: conduct || has('speaker') };
  }

  versioned<T>(send: (version: number) => Promise<T>): Promise<T> {
    return this.store(sessionStore).versioned(send);
  }
}
