// What a feature tells the application about itself. Each features/<name>/index.ts declares one;
// app/features.ts lists them. Every page loads all declarations, so a declaration holds a few words
// and imports everything else lazily.
import { type ComponentType, createContext } from 'preact';
import type { Congress, Role, Session } from '../net/types';
import type { Drafts } from '../state/drafts';
import type { FullScreen } from '../state/fullscreen';
import type { Load } from '../state/module';
import type { StoreKind } from '../state/store';
import type { IconName } from '../ui/Icon';
import type { NavigationItem } from '../ui/navigation';
import type { LiveSession } from './sessions/messages';

export interface Feature {
  /** Its folder here, in server/features, and in tests/golden where it has messages. */
  readonly name: string;
  /** The sentences for the error codes that its routes and commands answer with. */
  readonly errors?: () => Readonly<Record<string, string>>;
  /** Those that only its own pages, its tabs and its proof dialog meet, and live rooms do not load. */
  readonly laterErrors?: () => Promise<{ default: () => Readonly<Record<string, string>> }>;
  /** The dialog in which people show once more that it is them (state/proof.ts); one feature has it. */
  readonly proof?: Load<object>;
  /** How the audit log names what is done here. */
  readonly audit?: () => Promise<{ default: () => AuditWords }>;
  readonly pages?: readonly Page[];
  readonly navigation?: readonly NavigationItem[];
  /** A store that every live room opens. */
  readonly store?: StoreKind;
  /** What it puts into a live room for HCPs, and into the host console. */
  readonly live?: () => Promise<{ default: LivePart }>;
  readonly host?: () => Promise<{ default: LivePart }>;
}

export interface AuditWords {
  /** By the action's code, such as `poll.open`. */
  readonly action: Readonly<Record<string, string>>;
  /** By the kind of thing that it was done to, such as `poll`. */
  readonly kind: Readonly<Record<string, string>>;
  /** What the details of its actions are, by their names. */
  readonly detail?: Readonly<Record<string, string>>;
  /** What is in them, where that is a code. */
  readonly value?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The tabs of a feature, in its tabs.ts: only the pages of staff that show them load it. */
export interface FeatureTabs {
  readonly congress?: readonly Tab<CongressTabProps>[];
  readonly session?: readonly Tab<SessionTabProps>[];
}

/** All features, for a feature that shows what the others declare. */
export const Features = createContext<readonly Feature[]>([]);

// --- pages ---

export interface PageProps {
  params: Readonly<Record<string, string>>;
}

export interface Page {
  /** Segments; `:name` takes one segment, `:name?` one or none. */
  readonly path: string;
  readonly load: Load<PageProps>;
  /** Staff pages send people who are not signed in to the sign-in page. */
  readonly staff?: boolean;
}

// --- tabs of a congress and of a session, for those who prepare them ---

export interface Tab<P> {
  /** The last segment of its address. */
  readonly key: string;
  readonly label: () => string;
  /** A figure beside the label. */
  readonly count?: (props: P) => string;
  /** Who sees it; everybody who may see the page where this is not given. */
  readonly roles?: readonly Role[];
  /** Stands after those that say less, whatever the order of the features; 0 unless it is said. */
  readonly late?: number;
  readonly load: Load<P>;
}

export interface CongressTabProps {
  congress: Congress;
  /** Loads the congress again. */
  reload: () => Promise<void>;
}

export interface SessionTabProps {
  session: Session;
  congress: Congress;
  /** Loads the session and its congress again. */
  reload: () => Promise<void>;
}

// --- the live room and the host console ---

/** What a view may know of the room that it is part of. */
export interface Room {
  store<S>(kind: StoreKind<S>): S;
  /** How many people are present; null before the server said so. */
  readonly people: number | null;
  /** The session is live now. */
  readonly live: boolean;
  /** It has ended, or was cancelled. */
  readonly over: boolean;
  /** What this person may do in the session, by role. */
  readonly may: { readonly conduct: boolean; readonly moderate: boolean; readonly move: boolean };
  /** Sends a command that names the session's version, which counts up with each of them. */
  versioned<T>(send: (version: number) => Promise<T>): Promise<T>;
  /** What the person typed or chose and did not send yet. */
  readonly drafts: Drafts;
  readonly screen: FullScreen;
  /** What features put into the bar below the stage. */
  readonly tools: readonly RoomView[];
  /** What features ask of whoever is invited to speak, and while they do. */
  readonly asks: readonly RoomView[];
}

/** Something that waits for this person, such as an open poll. */
export interface PanelCall {
  /** A new one calls again. */
  id: string;
  text: string;
  /** The text of the button that leads to the panel. */
  action: string;
}

/** What a screen reader says when it happens; each id once. */
export interface News {
  id: string;
  text: string;
}

/** The props of a view in a live room; the store is the feature's own. */
export interface ViewProps<S> {
  store: S;
  session: LiveSession;
  room: Room;
}

interface PanelOptions<S> {
  /** Tells panels apart, as in ids. */
  key: string;
  label: () => string;
  /** Shown with the label where there is room. */
  icon?: IconName;
  /** A word or a count that draws attention, beside the label. */
  mark?: (store: S) => string | null;
  /** Announced over the stage; the panel comes to the front unless the person is at work in another. */
  calls?: (store: S) => PanelCall | null;
  /** Whether there is anything in it; without that it is always there. */
  shown?: (store: S) => boolean;
  /** Is there while people wait for the start, too. */
  waiting?: boolean;
  /** Stands behind the panels of other features. */
  later?: boolean;
  /** Stays in the host console when the session has ended. */
  afterwards?: boolean;
  view: ComponentType<ViewProps<S>>;
}

interface LiveOptions<S> {
  /** The large part of the room. */
  stage?: ComponentType<ViewProps<S>>;
  /** How the stages of all features stand beside each other: a class of what holds them. */
  arrange?: (store: S) => string | null;
  /** A word beside the session's state that everybody is to see, over the whole screen too. */
  mark?: ComponentType<ViewProps<S>>;
  /** Controls in the bar below the stage. */
  tools?: ComponentType<ViewProps<S>>;
  /** Asked of an HCP who is invited to speak, and while they do. */
  asks?: ComponentType<ViewProps<S>>;
  /** There from the lobby to the end, for what opens by itself: dialogs. */
  over?: ComponentType<ViewProps<S>>;
  /** Beside the stage, in a tab. */
  panel?: PanelOptions<S>;
  /** What happened last; null: nothing, or nothing new. */
  news?: (store: S) => News | null;
  /** What this person did, shown when the session is over; null: nothing. */
  recap?: ComponentType<ViewProps<S>>;
  /** Whether the recap has anything to show. */
  did?: (store: S) => boolean;
}

/** A view that finds its feature's store in the room by itself. */
export type RoomView = ComponentType<{ room: Room; session: LiveSession }>;

export interface Panel {
  readonly key: string;
  readonly label: () => string;
  readonly icon: IconName | undefined;
  readonly afterwards: boolean;
  readonly waiting: boolean;
  readonly later: boolean;
  shown(room: Room): boolean;
  mark(room: Room): string | null;
  calls(room: Room): PanelCall | null;
  readonly View: RoomView;
}

/** What a feature puts into a live room. */
export interface LivePart {
  readonly store: StoreKind;
  readonly stage: RoomView | null;
  readonly Mark: RoomView | null;
  readonly Tools: RoomView | null;
  readonly Asks: RoomView | null;
  readonly Over: RoomView | null;
  readonly panel: Panel | null;
  readonly Recap: RoomView | null;
  arrange(room: Room): string | null;
  news(room: Room): News | null;
  did(room: Room): boolean;
}

export function livePart<S>(store: StoreKind<S>, options: LiveOptions<S>): LivePart {
  const { stage, arrange, mark, tools, asks, over, panel, news, recap, did } = options;
  return {
    store,
    stage: stage ? viewOf(store, stage) : null,
    Mark: mark ? viewOf(store, mark) : null,
    Tools: tools ? viewOf(store, tools) : null,
    Asks: asks ? viewOf(store, asks) : null,
    Over: over ? viewOf(store, over) : null,
    panel: panel ? panelOf(store, panel) : null,
    Recap: recap ? viewOf(store, recap) : null,
    arrange: (room) => arrange?.(room.store(store)) ?? null,
    news: (room) => news?.(room.store(store)) ?? null,
    did: (room) => did?.(room.store(store)) ?? false,
  };
}

function viewOf<S>(store: StoreKind<S>, View: ComponentType<ViewProps<S>>): RoomView {
  return ({ room, session }) => <View store={room.store(store)} session={session} room={room} />;
}

function panelOf<S>(store: StoreKind<S>, options: PanelOptions<S>): Panel {
  const { key, label, icon, mark, calls, shown, afterwards = false, waiting = false, later = false, view } = options;
  return {
    key,
    label,
    icon,
    afterwards,
    waiting,
    later,
    shown: (room) => shown?.(room.store(store)) ?? true,
    mark: (room) => mark?.(room.store(store)) ?? null,
    calls: (room) => calls?.(room.store(store)) ?? null,
    View: viewOf(store, view),
  };
}
