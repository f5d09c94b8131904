// A day as a leaf of a calendar; decoration beside the date in words.
import { formatDate } from '../i18n';
import { Icon } from './Icon';

interface DateTileProps {
  /** Null: no day yet. */
  at: string | null;
  zone: string;
  past?: boolean;
}

export function DateTile({ at, zone, past = false }: DateTileProps) {
  return (
    <span class={`date-tile${past ? ' date-tile--past' : ''}`} aria-hidden="true">
      {at ? (
        <>
          <span>{formatDate(at, zone, { month: 'short' })}</span>
          <strong>{formatDate(at, zone, { day: 'numeric' })}</strong>
        </>
      ) : (
        <Icon name="calendar" />
      )}
    </span>
  );
}
