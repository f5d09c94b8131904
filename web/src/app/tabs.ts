// The tabs that features declare for a page: those that the person may see, and links to them. A live room has none, so
// features.ts does not know them.
import { tabs as audience } from '../features/audience/tabs';
import { tabs as congress } from '../features/congress/tabs';
import type { FeatureTabs, Tab } from '../features/feature';
import { tabs as goals } from '../features/goals/tabs';
import { tabs as guestSpeakers } from '../features/guest_speakers/tabs';
import { tabs as invitations } from '../features/invitations/tabs';
import { tabs as mails } from '../features/mails/tabs';
import { tabs as participation } from '../features/participation/tabs';
import { tabs as polls } from '../features/polls/tabs';
import { tabs as programme } from '../features/programme/tabs';
import { tabs as recording } from '../features/recording/tabs';
import { tabs as registration } from '../features/registration/tabs';
import { tabs as slides } from '../features/slides/tabs';
import { hasRole } from '../state/me';
import type { Tab as TabLink } from '../ui/Tabs';

/** In this order on the page. */
const declared: readonly FeatureTabs[] = [congress, goals, audience, invitations, registration, mails, recording, programme, guestSpeakers, slides, polls, participation];
export const congressTabs = declared.flatMap(({ congress: tabs = [] }) => tabs);
export const sessionTabs = declared.flatMap(({ session: tabs = [] }) => tabs);

/** The tabs that this person may see, in their order. */
export function visibleTabs<P>(tabs: readonly Tab<P>[]): Tab<P>[] {
  return tabs
    .filter(({ roles }) => !roles || hasRole(...roles))
    .sort((a, b) => (a.late ?? 0) - (b.late ?? 0));
}

export function tabLinks<P>(
  tabs: readonly Tab<P>[],
  props: P,
  href: (key: string) => string,
): TabLink[] {
  return tabs.map(({ key, label, count }) => ({
    key,
    label: label(),
    href: href(key),
    ...(count ? { count: count(props) } : {}),
  }));
}
