// How many people are here, and telling the server whether this tab can be seen.
import { signal } from '@preact/signals';
import {
  type Call,
  type Command,
  type LiveStore,
  liveStore,
  type StateOf,
} from '../../state/store';
import { type Messages, messages } from './messages';

const visibility = () => ({ visible: document.visibilityState === 'visible' });

class PresenceStore implements LiveStore<Messages> {
  readonly people = signal<number | null>(null);
  private readonly report = () => this.tell();

  /** `hcp`: attentive time is counted for HCPs only. */
  constructor(
    private readonly call: Call<Messages>,
    private readonly hcp: boolean,
  ) {}

  snapshot(): void {
    this.people.value = null;
  }

  state({ data }: StateOf<Messages>): void {
    this.people.value = data.people;
  }

  /** Each connection starts as not visible on the server, so every join says it anew. */
  joined(): void {
    if (!this.hcp) return;
    document.addEventListener('visibilitychange', this.report);
    this.tell();
  }

  probe(): Command | null {
    return this.hcp ? { command: 'presence.visible', data: visibility() } : null;
  }

  stop(): void {
    if (this.hcp) document.removeEventListener('visibilitychange', this.report);
  }

  private tell(): void {
    this.call('presence.visible', visibility()).catch(() => undefined);
  }
}

export const presenceStore = liveStore(messages, (call, staff) => new PresenceStore(call, !staff));
