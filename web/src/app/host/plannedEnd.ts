import type { LiveSession } from '../../features/sessions/messages';

/** In milliseconds; null before it is live. */
export const plannedEnd = ({ live_at, planned_minutes }: LiveSession): number | null =>
  live_at ? new Date(live_at).getTime() + planned_minutes * 60_000 : null;
