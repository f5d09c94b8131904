// What the cards of a round's page are given.
import type { Round } from './api';

export interface RoundProps {
  round: Round;
  set: (round: Round) => void;
  reload: () => Promise<void>;
}
