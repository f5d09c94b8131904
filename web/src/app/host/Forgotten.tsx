// A session that is past its planned end, or that nobody attends any more, may have been forgotten.
import type { LiveSession } from '../../features/sessions/messages';
import { second } from '../../state/clock';
import { Banner } from '../../ui/Banner';
import { plannedEnd } from './plannedEnd';
import { hostTexts } from './texts';

const PATIENCE_MS = 5 * 60_000;

export function Forgotten({ session, people }: { session: LiveSession; people: number }) {
  const t = hostTexts();
  const end = plannedEnd(session);
  if (end === null || second.value < end + (people === 0 ? 0 : PATIENCE_MS)) return null;
  return (
    <Banner tone="warn" title={t.forgotten}>
      {people === 0 ? t.forgottenAlone : t.forgottenText(people)}
    </Banner>
  );
}
