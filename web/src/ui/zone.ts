// Wall-clock date and time of an IANA time zone, to and from UTC, by Intl alone.

export interface WallTime {
  date: string; // 2026-03-29
  time: string; // 18:30
}

const formats = new Map<string, Intl.DateTimeFormat>(); // making one takes a millisecond

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

function fields(at: number, zone: string): Record<string, string> {
  const parts = formatOf(zone).formatToParts(at);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

export function toZone(iso: string, zone: string): WallTime {
  if (!iso) return { date: '', time: '' };
  const f = fields(new Date(iso).getTime(), zone);
  return { date: `${f.year}-${f.month}-${f.day}`, time: `${f.hour}:${f.minute}` };
}

/** How far the zone's wall clock is ahead of UTC at a moment. */
function offset(at: number, zone: string): number {
  const f = fields(at, zone);
  const wall = Date.UTC(
    Number(f.year),
    Number(f.month) - 1,
    Number(f.day),
    Number(f.hour),
    Number(f.minute),
    Number(f.second),
  );
  return wall - at;
}

const DAY = 24 * 3600 * 1000; // no zone changes its clocks twice within two of them

/** '' when incomplete. An hour that the clocks skip reads as the hour after it, of one that comes twice the first counts. */
export function fromZone({ date, time }: WallTime, zone: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (!date || !time || Number.isNaN(wall)) return '';
  const before = wall - offset(wall - DAY, zone);
  const after = wall - offset(wall + DAY, zone);
  const there = (at: number) => at + offset(at, zone) === wall;
  return new Date(!there(before) && there(after) ? after : before).toISOString();
}

export function knownZones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}
