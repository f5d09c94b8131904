// Time until a session starts, by the server's clock.
import { formatClock } from '../../i18n';
import { second } from '../../state/clock';
import { Verbatim } from '../../ui/Verbatim';
import { liveTexts } from './texts';

const DAY = 86_400;

export function Countdown({ to }: { to: string }) {
  const t = liveTexts();
  const left = Math.ceil((new Date(to).getTime() - second.value) / 1000);
  if (left <= 0) return <p class="countdown__soon">{t.soon}</p>;
  const days = Math.floor(left / DAY);
  return (
    <div class="countdown" role="timer">
      <span class="muted">{t.startsIn}</span>
      <strong class="countdown__value number">
        {days > 0 && <span>{t.days(days)} </span>}
        <Verbatim>{formatClock(left % DAY)}</Verbatim>
      </strong>
    </div>
  );
}
