import { formatDate } from '../../i18n';

/** A day of the calendar, "2026-11-01", whatever the reader's time zone. */
export const day = (text: string): string => formatDate(`${text}T12:00:00Z`, 'UTC', { dateStyle: 'medium' });
