// Counts and rates as the goal board writes them.
import { formatCalendarDay, formatDate, formatNumber, formatRate } from '../../i18n';
import type { Cell } from '../../ui/AsTable';
import type { Board, Counts, InvitedCounts, ProfileGoals } from './api';
import { goalTexts } from './texts';

/** How many registered, attended and completed, with a word for what is masked. */
export const countCells = ({ registered, attended, completed }: Counts): Cell[] =>
  [registered, attended, completed].map((count) => count ?? goalTexts().masked);

/** Cut, never rounded up, with its two numbers. */
export const rate = (part: number, whole: number): string =>
  `${formatRate(whole ? part / whole : 0)} (${formatNumber(part)}/${formatNumber(whole)})`;

export const someInvited = ({ invitations }: Board): boolean => Boolean(invitations?.people);

/** How many of a profile were invited; null: nobody was to this congress, or it is masked. */
export function invitedOf({ invitations }: Board, profile: string): InvitedCounts | null {
  if (!invitations?.people) return null;
  return invitations.profiles.find(({ id }) => id === profile) ?? { people: 0, registered: 0 };
}

/** The last day on which a registration helps a profile's goal, as people write it; empty when none will any more. */
export function dueDay({ goal_due }: ProfileGoals, { next_session_at }: Board, zone: string): string {
  const look = { day: 'numeric', month: 'long' } as const;
  if (goal_due) return formatCalendarDay(goal_due, look);
  return next_session_at ? formatDate(next_session_at, zone, look) : '';
}
