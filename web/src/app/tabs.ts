// The tabs that features declare for a page: those that the person may see, and links to them.
import type { Tab } from '../features/feature';
import { hasRole } from '../state/me';
import type { Tab as TabLink } from '../ui/Tabs';

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
