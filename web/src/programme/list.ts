// What the public programme's page decides by: the same as public_session_matches() on the server (migration 0098).

export type Wanted = Record<'q' | 'track' | 'room' | 'language' | 'level' | 'speaker', string>;

const LETTERS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l' };

/** As folded() in SQL (migration 0035). */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[œæßøł]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[\s'’‘.,\u2010-\u2015-]+/g, ' ')
    .trim();

/** A card's data-… attributes; `text` and `speaker` hold several words. A break, which has no language of its own here, shows with all. */
export function matches(card: Readonly<Record<string, string | undefined>>, asked: Wanted): boolean {
  const { q, speaker, ...exact } = asked;
  const words = folded(q).split(' ').filter(Boolean);
  const any = words.length > 0 || speaker !== '' || Object.values(exact).some(Boolean);
  if (any && card.kind === 'break') return false;
  return (
    Object.entries(exact).every(([name, value]) => !value || card[name] === value) &&
    (!speaker || (card.speaker ?? '').split(' ').includes(speaker)) &&
    words.every((word) => (card.text ?? '').includes(word))
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, language, options]);
  const found = formats.get(key) ?? new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
  formats.set(key, found);
  return found;
}

/** "14:05", as the server writes it. */
export const clock = (time: string, zone: string): string =>
  format(zone, 'en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(time));

/** ", Sun" where that moment is on another day here than there. */
export function dayBefore(time: string, here: string, there: string, language: string): string {
  const at = new Date(time);
  const day = (zone: string) => format(zone, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  return day(here) === day(there) ? '' : ` ${format(here, language, { weekday: 'short' }).format(at)}`;
}
