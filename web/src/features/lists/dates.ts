import { formatCalendarDay } from '../../i18n';

/** A day of the calendar, "2026-11-01". */
export const day = (text: string): string => formatCalendarDay(text, { dateStyle: 'medium' });
