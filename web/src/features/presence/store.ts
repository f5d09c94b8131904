// How many people are here, and telling the server whether this tab can be seen.
import { signal } from '@preact/signals';
import { number, object } from '../../net/decode';
import type { State } from '../../net/protocol';
import type { Call, LiveStore } from '../../state/store';

const count = object({ people: number });

export class PresenceStore implements LiveStore {
  readonly people = signal<number | null>(null);
  private readonly report = () => void this.tell();

  constructor(
    private readonly call: Call,
    private readonly hcp: boolean,
  ) {
    if (hcp) document.addEventListener('visibilitychange', this.report);
  }

  /** Each connection starts as not visible on the server, so every join says it anew. */
  snapshot(): void {
    this.people.value = null;
  }

  state({ state, data }: State): void {
    if (state === 'presence.count') this.people.value = count(data).people;
  }

  tell(): Promise<unknown> {
    if (!this.hcp) return Promise.resolve();
    const visible = document.visibilityState === 'visible';
    return this.call('presence.visible', { visible }).catch(() => undefined);
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.report);
  }
}
