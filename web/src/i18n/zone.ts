// A time of a congress together with its zone, as it is written everywhere and in mails (server/mail/date.c). A file of
// its own: few pages say the zone.
import { formatLongDay, formatMinutes, formatTime, language } from './index';

/** Of zones whose city has another name in French, as CLDR has it: the same as in mails (server/mail/date.c). */
const FRENCH_CITIES: Readonly<Record<string, string>> = {
  Algiers: 'Alger',
  Athens: 'Athènes',
  Brussels: 'Bruxelles',
  Cairo: 'Le Caire',
  Lisbon: 'Lisbonne',
  London: 'Londres',
  Montreal: 'Montréal',
  Moscow: 'Moscou',
  Noumea: 'Nouméa',
  Reunion: 'La Réunion',
  Vienna: 'Vienne',
  Warsaw: 'Varsovie',
};

/** "Paris time", "heure de Paris", "heure d’Athènes", "heure du Caire". */
export function formatZone(zone: string): string {
  const last = zone.split('/').at(-1) ?? zone;
  if (last === zone) return zone;
  const city = last.replaceAll('_', ' ');
  if (language.value === 'en') return `${city} time`;
  const french = FRENCH_CITIES[last] ?? city;
  if (french.startsWith('Le ')) return `heure du ${french.slice(3)}`;
  return /^[AEIOUYÉ]/.test(french) ? `heure d’${french}` : `heure de ${french}`;
}

/** "19:30 (heure de Paris)": how a time of a congress is written wherever its zone is said. */
export const formatTimeIn = (time: string | Date, zone: string) =>
  `${formatTime(time, zone)} (${formatZone(zone)})`;

/** "mardi 1 décembre 2026, 19:30 (heure de Paris) · 1 h". */
export const formatSlot = (start: string, minutes: number, zone: string) =>
  `${formatLongDay(start, zone)}, ${formatTimeIn(start, zone)}\u00a0· ${formatMinutes(minutes)}`;
