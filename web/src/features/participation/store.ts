// The participation figures as they are pushed to staff while a session runs.
import { signal } from '@preact/signals';
import { type LiveStore, liveStore, type StateOf } from '../../state/store';
import { type Figures, type Messages, messages } from './messages';

export class FiguresStore implements LiveStore<Messages> {
  readonly figures = signal<Figures | null>(null);
  /** Counts the changes of the session itself: its start, its end, an edit. */
  readonly sessionChanges = signal(0);

  /** Keeps the last figures: the server sends the state after each join. */
  snapshot(): void {}

  event(): void {
    this.sessionChanges.value += 1;
  }

  state({ data }: StateOf<Messages>): void {
    this.figures.value = data;
  }
}

export const figuresStore = liveStore(messages, () => new FiguresStore());
