// A live session in this tab: one connection, the stores of all features, and what their views may know
// of the session and its people.
import { effect } from '@preact/signals';
import type { LivePart, PageProps, Room } from '../../features/feature';
import type { LiveSession } from '../../features/sessions/messages';
import { presenceStore } from '../../features/presence/store';
import { sessionStore } from '../../features/sessions/store';
import type { Role } from '../../net/types';
import { Drafts } from '../../state/drafts';
import { FullScreen } from '../../state/fullscreen';
import { LiveRoom } from '../../state/room';
import { features } from '../features';

const always = features.flatMap((feature) => feature.store ?? []);

/** The props of the pages that enter a room. */
export interface RoomPageProps extends PageProps {
  /** What the features put into the room. */
  parts: readonly LivePart[];
}

const HOUR = 3_600_000;

/** Its properties read signals: a component that uses them while rendering follows them. */
export class SessionRoom extends LiveRoom implements Room {
  readonly drafts: Drafts;
  readonly screen = new FullScreen();
  /** Whether this page was in the room while the session was live. */
  private present = false;
  private stopFollowing: () => void = () => undefined;

  constructor(
    session: string,
    staff: boolean,
    readonly parts: readonly LivePart[],
  ) {
    const stores = parts.map(({ store }) => store);
    super(session, staff, [...always, ...stores]);
    this.drafts = new Drafts(session, this.person ?? '', () => this.draftsEnd());
  }

  override start(): void {
    super.start();
    this.screen.start();
    this.stopFollowing = effect(() => this.follow(this.session));
  }

  override stop(): void {
    this.stopFollowing();
    this.screen.stop();
    super.stop();
  }

  /** Whether this person took part, as far as this page knows. */
  get tookPart(): boolean {
    return this.present || this.parts.some((part) => part.did(this));
  }

  /** Null before the first snapshot. */
  get session(): LiveSession | null {
    return this.store(sessionStore).session.value;
  }

  get tools(): Room['tools'] {
    return this.parts.flatMap(({ Tools }) => Tools ?? []);
  }

  get asks(): Room['asks'] {
    return this.parts.flatMap(({ Asks }) => Asks ?? []);
  }

  get over(): boolean {
    const state = this.session?.state;
    return state === 'ended' || state === 'cancelled';
  }

  get live(): boolean {
    return this.session?.state === 'live';
  }

  get people(): number | null {
    return this.store(presenceStore).people.value;
  }

  /** By the person's roles; in a session that is over nobody may do anything. */
  get may(): Room['may'] {
    const { over } = this;
    const roles = this.store(sessionStore).person.value?.roles ?? [];
    const has = (...wanted: Role[]) => !over && wanted.some((role) => roles.includes(role));
    const conduct = has('organiser', 'host');
    return { conduct, moderate: conduct || has('moderator'), move: conduct || has('speaker') };
  }

  private follow(session: LiveSession | null): void {
    if (session?.state === 'live') this.present = true;
    if (session?.state === 'ended' || session?.state === 'cancelled') this.drafts.forget();
  }

  /** An hour after the planned end, or an hour from now when the session runs over. */
  private draftsEnd(): number {
    const session = this.session;
    const start = session ? new Date(session.starts_at).getTime() : 0;
    return Math.max(start + (session?.planned_minutes ?? 0) * 60_000, Date.now()) + HOUR;
  }

  versioned<T>(send: (version: number) => Promise<T>): Promise<T> {
    return this.store(sessionStore).versioned(send);
  }
}
