// What is shown when the session is over: when it was, and what this person did in it.
import { formatLongDay, formatMinutes, formatTime, unbroken } from '../../i18n';
import { useArrival } from '../../ui/useArrival';
import { LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { RoomProps } from './parts';
import { liveTexts } from './texts';
import { When } from './Waiting';

export function Over({ room, session }: RoomProps) {
  const t = liveTexts();
  const here = useArrival<HTMLHeadingElement>();
  const cancelled = session.state === 'cancelled';
  const title = cancelled ? t.cancelled : t.over;
  return (
    <div class="stack stack--wide over">
      <header class="stack over__head">
        <span class={`over__icon${cancelled ? ' over__icon--cancelled' : ''}`}>
          <Icon name={cancelled ? 'calendar' : 'checkCircle'} size={26} />
        </span>
        <div class="stack stack--tight">
          {session.congress.title !== session.title && (
            <p class="muted small">{unbroken(session.congress.title)}</p>
          )}
          <h1 tabIndex={-1} ref={here} lang={session.language}>
            {unbroken(session.title)}
          </h1>
          <p class="over__state">{title}</p>
          <p class="muted small">{cancelled ? <When session={session} /> : <Took {...{ room, session }} />}</p>
        </div>
        <p>{cancelled ? t.cancelledText : room.tookPart ? t.thanks : t.overText}</p>
      </header>
      {!cancelled && room.parts.map(({ Recap }, index) => Recap && <Recap key={index} room={room} session={session} />)}
      <p class="row">
        <LinkButton href="/my" icon="user">
          {t.me}
        </LinkButton>
      </p>
    </div>
  );
}

/** From when to when, and how long that was. */
function Took({ session }: RoomProps) {
  const t = liveTexts();
  const { live_at, ended_at } = session;
  if (!live_at || !ended_at) return null;
  const zone = session.congress.time_zone;
  const minutes = Math.round((new Date(ended_at).getTime() - new Date(live_at).getTime()) / 60_000);
  return (
    <span class="number">
      {formatLongDay(live_at, zone)}, {t.fromTo(formatTime(live_at, zone), formatTime(ended_at, zone))}
      {minutes > 0 && <>&nbsp;· {formatMinutes(minutes)}</>}
    </span>
  );
}
