// What somebody reads whose registration waits for a place or for a decision.
import { EmptyState } from '../../ui/EmptyState';
import type { Held } from './joining';
import { registrationTexts } from './texts';

export function HeldNote({ name, held }: { name: string; held: Held }) {
  const t = registrationTexts();
  return (
    <EmptyState heading icon="clock" title={held === 'in_review' ? t.reviewTitle(name) : t.waitsTitle(name)}>
      {held === 'in_review' ? t.reviewText : t.waitsText(held)}
    </EmptyState>
  );
}
