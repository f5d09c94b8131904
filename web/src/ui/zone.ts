// Wall-clock date and time of an IANA time zone, to and from UTC, by Intl alone.

export interface WallTime {
  date: string; // 2026-03-29
  time: string; // 18:30
}

function fields(at: number, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
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

/** '' when incomplete. An hour that the clocks skip reads as the hour after it. */
export function fromZone({ date, time }: WallTime, zone: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  if (!date || !time || Number.isNaN(wall)) return '';
  const first = wall - offset(wall, zone);
  const second = wall - offset(first, zone);
  return new Date(second).toISOString();
}

export function knownZones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}
