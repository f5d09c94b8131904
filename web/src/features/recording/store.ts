// Whether a session is being recorded, and who agreed to it.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { personId } from '../../state/me';
import { type Call, type EventOf, type LiveStore, liveStore } from '../../state/store';
import { type Messages, messages } from './messages';

type Common = Decoded<Messages['common']>['recording'];
export type StopReason = Decoded<Messages['events']['recording.stopped']>['why'];

export class RecordingStore implements LiveStore<Messages> {
  /** Null: nothing is recorded. */
  readonly running = signal<Common['running']>(null);
  /** Why the last one stopped, while this page watched. */
  readonly stopped = signal<StopReason | null>(null);
  readonly automatic = signal(false);
  /** Who may be recorded; for staff. */
  readonly agreed = signal<ReadonlySet<string>>(new Set());
  /** This person's own word; null: they were not asked yet. */
  readonly own = signal<boolean | null>(null);

  /** What is said is kept, or will be from the start of the session on. */
  readonly recorded = computed(() => this.running.value !== null || this.automatic.value);

  constructor(
    private readonly call: Call<Messages>,
    private readonly staff: boolean,
  ) {}

  snapshot(common: Decoded<Messages['common']>, own: Decoded<Messages['own']>): void {
    this.running.value = common.recording.running;
    this.automatic.value = common.recording.automatic;
    this.agreed.value = new Set(common.recording.agreed);
    this.own.value = own.recording.agreed;
  }

  event({ event, data }: EventOf<Messages>): void {
    switch (event) {
      case 'recording.started':
        this.running.value = data;
        this.stopped.value = null;
        return;
      case 'recording.stopped':
        this.running.value = null;
        this.stopped.value = data.why;
        return;
      case 'recording.set':
        this.automatic.value = data.automatic;
        return;
      case 'recording.consented':
        return this.consented(data.person, data.given);
    }
  }

  start(): Promise<unknown> {
    return this.call('recording.start', {});
  }

  end(): Promise<unknown> {
    return this.call('recording.stop', {});
  }

  async consent(given: boolean): Promise<void> {
    await this.call('recording.consent', { given });
    this.own.value = given;
  }

  private consented(person: string, given: boolean): void {
    const agreed = new Set(this.agreed.value);
    if (given) agreed.add(person);
    else agreed.delete(person);
    this.agreed.value = agreed;
    // Said in another tab.
    if (person === personId(this.staff ? 'staff' : 'hcp')) this.own.value = given;
  }
}

export const recordingStore = liveStore(messages, (call, staff) => new RecordingStore(call, staff));
