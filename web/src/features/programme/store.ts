// The programme of a live room.
import { computed, signal } from '@preact/signals';
import type { Decoded } from '../../net/decode';
import { type EventOf, type LiveStore, liveStore } from '../../state/store';
import { type Messages, messages, type Programme } from './messages';

export class ProgrammeStore implements LiveStore<Messages> {
  readonly programme = signal<Programme>({ speakers: [], talks: [] });
  readonly empty = computed(() => {
    const { speakers, talks } = this.programme.value;
    return speakers.length + talks.length === 0;
  });

  snapshot(common: Decoded<Messages['common']>): void {
    this.programme.value = common.programme;
  }

  event({ data }: EventOf<Messages>): void {
    this.programme.value = data.programme;
  }
}

export const programmeStore = liveStore(messages, () => new ProgrammeStore());
