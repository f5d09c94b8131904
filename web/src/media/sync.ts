// When to show what belongs to a moment of somebody's voice: when the viewer hears that moment. Pure.
import { distance, PER_MS } from './time';

const WAIT_MOST_MS = 2_000;

/**
 * Milliseconds to wait; 0: now. heard: the media time (wrapped) that is heard at this moment, null when
 * nothing of that voice plays; delay: how far this viewer is behind, in ms.
 */
export function waitFor(timestamp: number, heard: number | null, delay: number): number {
  if (heard === null) return 0;
  const ahead = distance(heard, timestamp) / PER_MS;
  return ahead <= 0 ? 0 : Math.min(ahead, WAIT_MOST_MS + Math.max(0, delay));
}
