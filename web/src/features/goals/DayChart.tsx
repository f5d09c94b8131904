// Registrations by day.
import { formatCalendarDay, formatNumber } from '../../i18n';
import { AsTable } from '../../ui/AsTable';
import { Card } from '../../ui/Card';
import { columnsFile } from '../../ui/chartFile';
import type { Board } from './api';
import { atLeast, type Day, withoutGaps } from './days';
import { goalTexts } from './texts';

const FEWEST_DAYS = 10; // the bars of fewer days would be too wide
const HEIGHT = 120;

const shortDate = (day: string) => formatCalendarDay(day, { day: 'numeric', month: 'short' });

export function DayChart({ board }: { board: Board }) {
  const t = goalTexts();
  const counted = withoutGaps(board.days);
  const total = board.all.registered ?? 0;
  const listed = board.masked ? counted.filter(({ count }) => count > 0) : counted;
  return (
    <Card title={t.overTime} text={counted.length > 0 ? t.overTimeText(formatNumber(total)) : undefined}>
      {counted.length === 0 ? (
        <p class="faint">{board.masked ? t.maskedNone : t.noRegistrations}</p>
      ) : (
        <>
          <DayBars days={atLeast(counted, FEWEST_DAYS)} />
          <AsTable
            name={t.overTime}
            columns={[t.day, t.count]}
            rows={listed.map(({ day, count }) => [shortDate(day), count])}
            chart={() => columnsFile(t.overTime, counted.map(({ day, count }) => ({ label: shortDate(day), value: count })), (n) => t.inADay(n))}
          />
        </>
      )}
    </Card>
  );
}

function DayBars({ days }: { days: Day[] }) {
  const most = Math.max(...days.map((day) => day.count));
  const width = 100 / days.length;
  const [first, last] = [days[0], days[days.length - 1]];
  return (
    <figure class="days" aria-hidden="true">
      <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none">
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
        <span>{first && shortDate(first.day)}</span>
        <span>{last && shortDate(last.day)}</span>
      </figcaption>
    </figure>
  );
}
