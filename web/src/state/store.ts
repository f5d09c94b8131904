// What each live feature gives to the room it is part of: it takes the snapshot, events and states
// that concern it and ignores the rest. Views read the store's signals.
import type { Event, Media, State } from '../net/protocol';

export interface LiveStore {
  /** A fresh join: `common` is everybody's, `own` this person's. */
  snapshot(common: Record<string, unknown>, own: Record<string, unknown>): void;
  event?(event: Event): void;
  state?(state: State): void;
  media?(media: Media): void;
}

/** Sends a command; resolves after the server has committed it. */
export type Call = (command: string, data: object) => Promise<unknown>;
