// Where registrations came from and when, for organisers.
import { codeLabel, formatDate, formatNumber } from '../../i18n';
import { api } from '../../net/api';
import type { Registration } from '../../net/types';
import { codes, loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Progress';
import { toZone } from '../../ui/zone';
import { participationTexts } from './texts';

const PAGE = 200;
const MOST_PAGES = 25; // 5,000 registrations; a chart of more tells no more

async function allRegistrations(congress: string): Promise<Registration[]> {
  const found: Registration[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const list: { items: Registration[]; next: string | null } = await api.registrations(congress, {
      cursor,
      limit: PAGE,
    });
    found.push(...list.items);
    cursor = list.next;
    if (cursor === null) break;
  }
  return found.filter((registration) => registration.state === 'registered');
}

export interface Bar {
  label: string;
  count: number;
}

function counted(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** One bar for each day from the first to the last registration, empty days included. */
export function byDay(times: string[], zone: string): { day: string; count: number }[] {
  const counts = counted(times.map((time) => toZone(time, zone).date));
  const days = [...counts.keys()].sort();
  const first = days[0];
  const last = days[days.length - 1];
  if (!first || !last) return [];
  const result = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    result.push({ day, count: counts.get(day) ?? 0 });
  }
  return result;
}

export function RegistrationCharts({ congress, zone }: { congress: string; zone: string }) {
  const t = participationTexts();
  const found = useResource(`all registrations ${congress}`, async () => {
    const [list] = await Promise.all([allRegistrations(congress), loadCodes()]);
    return list;
  });
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={2} tall />;
  const channels = [...counted(found.value.map((one) => one.channel))]
    .map(([code, count]) => ({ label: codeLabel(codes.value?.channel, code), count }))
    .sort((a, b) => b.count - a.count);
  const days = byDay(
    found.value.map((one) => one.registered_at),
    zone,
  );
  const total = formatNumber(found.value.length);
  return (
    <div class="columns columns--even">
      <Card title={t.channels}>
        {channels.length === 0 ? <p class="faint">{t.noRegistrations}</p> : <Channels bars={channels} />}
      </Card>
      <Card title={t.overTime} text={days.length > 0 ? t.overTimeText(total) : undefined}>
        {days.length === 0 ? <p class="faint">{t.noRegistrations}</p> : <Days days={days} />}
      </Card>
    </div>
  );
}

function Channels({ bars }: { bars: Bar[] }) {
  const most = Math.max(...bars.map((bar) => bar.count));
  return (
    <dl class="channel-bars">
      {bars.map((bar) => (
        <div key={bar.label} class="channel-bars__row">
          <dt>{bar.label}</dt>
          <dd>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect class="channel-bars__bar" width={Math.max(1, (bar.count / most) * 100)} height="10" />
            </svg>
            <span class="number">{formatNumber(bar.count)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const HEIGHT = 120;

function Days({ days }: { days: { day: string; count: number }[] }) {
  const t = participationTexts();
  const most = Math.max(...days.map((day) => day.count));
  const date = (day: string) => formatDate(`${day}T12:00:00Z`, 'UTC', { day: 'numeric', month: 'short' });
  const first = days[0];
  const last = days[days.length - 1];
  const width = 100 / days.length;
  return (
    <figure class="days">
      <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {days.map(({ day, count }, index) => (
          <rect
            key={day}
            class="days__bar"
            x={index * width + width * 0.1}
            y={HEIGHT - (count / most) * HEIGHT}
            width={width * 0.8}
            height={(count / most) * HEIGHT}
          />
        ))}
      </svg>
      <figcaption class="days__axis small faint number">
        <span>{first && date(first.day)}</span>
        {last && last !== first && <span>{date(last.day)}</span>}
      </figcaption>
      <div class="visually-hidden">
        <table>
          <caption>{t.overTime}</caption>
          <thead>
            <tr>
              <th scope="col">{t.day}</th>
              <th scope="col">{t.registrations}</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, count }) => (
              <tr key={day}>
                <th scope="row">{date(day)}</th>
                <td>{formatNumber(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
