// What the board says of the target list in which a profile is counted, and the way to its people.
import { hasRole } from '../../state/me';
import { LinkButton } from '../../ui/Button';
import type { ListedCounts, ProfileGoals } from './api';
import { peopleTexts } from './peopleTexts';

/** How many are not registered yet, in words. */
export function notReached(list: ListedCounts): string {
  const t = peopleTexts();
  if (list.people === 0) return t.nobodyAccepted(list.name);
  if (list.not_reached > 0) return t.notReached(list.not_reached, list.people, list.name);
  if (list.in_review + list.declined > 0) return t.someReviewed(list.name, list.in_review + list.declined);
  if (list.waiting > 0) return t.someWait(list.name, list.waiting);
  return list.cancelled > 0 ? t.noneLeft(list.name, list.cancelled) : t.everybody(list.name);
}

interface OnListProps {
  profile: ProfileGoals;
  list: ListedCounts;
  congress: string;
}

/** Names are for those who may read lists: organisers of the whole organisation. */
export function OnList({ profile, list, congress }: OnListProps) {
  const t = peopleTexts();
  return (
    <div class="on-list small">
      <p>{notReached(list)}</p>
      {list.people > 0 && hasRole('organiser') && (
        <LinkButton small icon="people" href={`/congresses/${congress}/goals/${profile.id}`}>
          {t.see}
          <span>
            <span class="visually-hidden"> ({profile.name})</span>
          </span>
        </LinkButton>
      )}
    </div>
  );
}
