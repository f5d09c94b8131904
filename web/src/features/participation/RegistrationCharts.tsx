// Where registrations came from and when, for organisers.
import { codeLabel, formatDate, formatNumber } from '../../i18n';
import { codes, loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Progress';
import {
  api as registrationApi,
  type Registration,
  type RegistrationLink,
} from '../registration/api';
import { atLeast, byDay, type Day, summed } from './days';
import { participationTexts } from './texts';

const PAGE = 200;
const FEWEST_DAYS = 10; // the bars of fewer days would be too wide
const MOST_PAGES = 25; // the chart over time stops at 5,000 and says so

interface Loaded {
  links: RegistrationLink[];
  registrations: Registration[];
  /** There are more registrations than the chart shows. */
  more: boolean;
}

async function firstRegistrations(congress: string): Promise<Omit<Loaded, 'links'>> {
  const found: Registration[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const list: { items: Registration[]; next: string | null } = await registrationApi.registrations(congress, {
      cursor,
      limit: PAGE,
    });
    found.push(...list.items);
    cursor = list.next;
    if (cursor === null) break;
  }
  const registrations = found.filter((registration) => registration.state === 'registered');
  return { registrations, more: cursor !== null };
}

export interface Bar {
  label: string;
  count: number;
}

export function RegistrationCharts({ congress, zone }: { congress: string; zone: string }) {
  const t = participationTexts();
  const found = useResource(`all registrations ${congress}`, async () => {
    const [first, links] = await Promise.all([
      firstRegistrations(congress),
      registrationApi.links(congress),
      loadCodes(),
    ]);
    return { ...first, links: links.items } satisfies Loaded;
  });
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={2} tall />;
  const { registrations, links, more } = found.value;
  const channels = [...summed(links)]
    .map(([code, count]) => ({ label: codeLabel(codes.value?.channel, code), count }))
    .sort((a, b) => b.count - a.count);
  const times = registrations.map((one) => one.registered_at);
  const days = atLeast(byDay(times, zone), FEWEST_DAYS);
  const total = formatNumber(registrations.length);
  const caption = more ? t.overTimeFirst(total) : t.overTimeText(total);
  return (
    <div class="columns columns--even">
      <Card title={t.channels}>
        {channels.length === 0 ? (
          <p class="faint">{t.noRegistrations}</p>
        ) : (
          <Channels bars={channels} />
        )}
      </Card>
      <Card title={t.overTime} text={days.length > 0 ? caption : undefined}>
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
              <rect
                class="channel-bars__bar"
                width={Math.max(1, (bar.count / most) * 100)}
                height="10"
              />
            </svg>
            <span class="number">{formatNumber(bar.count)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const HEIGHT = 120;

const shortDate = (day: string) =>
  formatDate(`${day}T12:00:00Z`, 'UTC', { day: 'numeric', month: 'short' });

function Days({ days }: { days: Day[] }) {
  const first = days[0];
  const last = days[days.length - 1];
  return (
    <figure class="days">
      <DayBars days={days} />
      <figcaption class="days__axis small faint number">
        <span>{first && shortDate(first.day)}</span>
        {last && last !== first && <span>{shortDate(last.day)}</span>}
      </figcaption>
      <DayTable days={days} />
    </figure>
  );
}

function DayBars({ days }: { days: Day[] }) {
  const most = Math.max(...days.map((day) => day.count));
  const width = 100 / days.length;
  return (
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
  );
}

/** The figures of the chart for screen readers. */
function DayTable({ days }: { days: Day[] }) {
  const t = participationTexts();
  return (
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
              <th scope="row">{shortDate(day)}</th>
              <td>{formatNumber(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
