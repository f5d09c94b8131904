// The participation figures as they are pushed to staff while a session runs.
import { signal } from '@preact/signals';
import type { State } from '../../net/protocol';
import type { LiveStore } from '../../state/store';
import { type ParticipationFigures, participation } from './messages';

export class FiguresStore implements LiveStore {
  readonly figures = signal<ParticipationFigures | null>(null);

  /** The state follows each join; until then the last figures stay. */
  snapshot(): void {}

  state({ state, data }: State): void {
    if (state === 'participation') this.figures.value = participation(data, 'participation');
  }
}
