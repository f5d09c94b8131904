// What the user of a live connection gives to it and sees of it.
import {
  CommandError,
  type Event as SessionEvent,
  type Hello,
  type Media,
  type Snapshot,
  type State,
} from './protocol';
import type { World } from './world';

export type Connection =
  | { is: 'connecting' }
  /** carried: by requests, since the network lets no websocket through. */
  | { is: 'online'; carried: boolean }
  /** Lost; `at` is when the next try starts (milliseconds of Date.now), null when offline. */
  | { is: 'waiting'; at: number | null; attempt: number }
  | { is: 'closed'; why: Ending };

/**
 * Why no retry follows. `outdated`: this page is too old for the server even after a reload;
 * `other-person`: somebody else than whom the page acts for is signed in on this browser now.
 */
export type Ending = 'stopped' | 'signed-out' | 'other-person' | 'gone' | 'refused' | 'outdated';

export interface Handlers {
  /** After a fresh join: the snapshot replaces everything that was known. */
  snapshot(snapshot: Snapshot): void;
  event(event: SessionEvent): void;
  state(state: State): void;
  media?(media: Media): void;
  hello?(hello: Hello): void;
}

export interface Options {
  url: string;
  session: string;
  /** For whom the page acts, an account or a registration; the cookie may have become another's. */
  person?: string | undefined;
  handlers: Handlers;
  world?: World;
  probe?: () => { command: string; data: object } | null;
}

/** What became of commands that were never answered. */
export function gone(why: Ending): CommandError {
  return new CommandError({ code: `connection.${why}`, field: null, reason: null });
}
