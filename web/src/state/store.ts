// A live feature declares its messages once, by name and with a decoder for each. Its store gets them
// decoded; messages that it does not declare never reach it.
import type { Decoded, Decoder } from '../net/decode';
import type { Event, Media, Snapshot, State } from '../net/protocol';

type Decoders = Readonly<Record<string, Decoder<unknown>>>;

/** The messages of a feature, as server/PROTOCOL.md has them. */
export interface Messages {
  /** The feature's part of the snapshot that everybody gets, and of this person's own. */
  readonly common: Decoder<unknown>;
  readonly own: Decoder<unknown>;
  readonly events: Decoders;
  readonly states: Decoders;
  /** The commands it sends; the decoder reads the answer's `ok`. */
  readonly commands: Decoders;
  /** Events of another feature that this one needs too. */
  readonly follows?: Decoders;
}

type Taken<M extends Messages> = M['events'] &
  (M extends { follows: infer F extends Decoders } ? F : unknown);

export type EventOf<M extends Messages> = {
  [Name in keyof Taken<M> & string]: { event: Name; data: Decoded<Taken<M>[Name]> };
}[keyof Taken<M> & string];

export type StateOf<M extends Messages> = {
  [Name in keyof M['states'] & string]: {
    state: Name;
    key: string;
    data: Decoded<M['states'][Name]>;
  };
}[keyof M['states'] & string];

/** Sends one of the feature's commands; resolves after the server has committed it. */
export type Call<M extends Messages> = <Name extends keyof M['commands'] & string>(
  command: Name,
  data: object,
) => Promise<Decoded<M['commands'][Name]>>;

/** What a feature keeps of a session. Views read the store's signals. */
export interface LiveStore<M extends Messages> {
  /** After a fresh join: replaces everything that was known. */
  snapshot(common: Decoded<M['common']>, own: Decoded<M['own']>): void;
  event?(event: EventOf<M>): void;
  state?(state: StateOf<M>): void;
  media?(media: Media): void;
  /** Called after every join, fresh or resumed. carried: nothing but text comes. */
  joined?(carried: boolean): void;
  /** A command that is safe to repeat. It is sent to find out whether the connection is alive. */
  probe?(): Command | null;
  stop?(): void;
}

export interface Command {
  command: string;
  data: object;
}

type Send = (command: string, data: object) => Promise<unknown>;

/** An open store: it decodes the frames of the socket and hands them on. */
export interface OpenStore<S> {
  readonly store: S;
  snapshot(snapshot: Snapshot): void;
  event(event: Event): void;
  state(state: State): void;
  media(media: Media): void;
  joined(carried: boolean): void;
  probe(): Command | null;
  stop(): void;
}

/** Describes a store; each connection opens one of its own. */
export interface StoreKind<S = unknown> {
  readonly messages: Messages;
  open(send: Send, staff: boolean): OpenStore<S>;
}

export function liveStore<const M extends Messages, S extends LiveStore<M>>(
  messages: M,
  create: (call: Call<M>, staff: boolean) => S,
): StoreKind<S> {
  const commands = new Map(Object.entries(messages.commands));
  const call = (send: Send) => async (command: string, data: object) =>
    commands.get(command)?.(await send(command, data), command);
  return {
    messages,
    open: (send, staff) => decoding(messages, create(call(send) as Call<M>, staff)),
  };
}

function decoding<M extends Messages, S extends LiveStore<M>>(
  messages: M,
  store: S,
): OpenStore<S> {
  const events = new Map(Object.entries({ ...messages.events, ...messages.follows }));
  const states = new Map(Object.entries(messages.states));
  type Part<D extends 'common' | 'own'> = Decoded<M[D]>;
  return {
    store,
    snapshot: ({ common, own }) =>
      store.snapshot(
        messages.common(common ?? {}, 'common') as Part<'common'>,
        messages.own(own ?? {}, 'own') as Part<'own'>,
      ),
    event: ({ event, data }) => {
      const decode = events.get(event);
      if (decode) store.event?.({ event, data: decode(data, event) } as EventOf<M>);
    },
    state: ({ state, key, data }) => {
      const decode = states.get(state);
      if (decode) store.state?.({ state, key, data: decode(data, state) } as StateOf<M>);
    },
    media: (media) => store.media?.(media),
    joined: (carried) => store.joined?.(carried),
    probe: () => store.probe?.() ?? null,
    stop: () => store.stop?.(),
  };
}
