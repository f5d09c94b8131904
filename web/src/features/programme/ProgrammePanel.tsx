// The programme in the room: what is on now, what comes next, by the server's clock from the real start.
import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatTime, unbroken } from '../../i18n';
import { second } from '../../state/clock';
import { Badge } from '../../ui/Badge';
import type { ViewProps } from '../feature';
import type { Programme } from './messages';
import { People } from '../../ui/People';
import type { ProgrammeStore } from './store';
import { programmeTexts } from '../../ui/programmeTexts';
import { running, timeAt } from '../../ui/talkTimes';

type LiveSession = ViewProps<ProgrammeStore>['session'];

/** "now,next": it changes when they do, not with each second. */
function useRunning(talks: Programme['talks'], session: LiveSession) {
  const { state, live_at } = session;
  const turn = useMemo(
    () =>
      computed(() => {
        if (state !== 'live' || !live_at) return '-1,-1';
        const { now, next } = running(talks, live_at, second.value);
        return `${now},${next}`;
      }),
    [talks, state, live_at],
  );
  const [now = -1, next = -1] = turn.value.split(',').map(Number);
  return { now, next };
}

export function ProgrammePanel({ store, session }: ViewProps<ProgrammeStore>) {
  const { speakers, talks } = store.programme.value;
  const { now, next } = useRunning(talks, session);
  return (
    <div class="stack">
      <People people={speakers} />
      <ol class="plain talks" lang={session.language}>
        {talks.map((talk, index) => (
          <Talk key={talk.id} talk={talk} session={session} mark={index === now ? 'now' : index === next ? 'next' : null} />
        ))}
      </ol>
    </div>
  );
}

interface TalkProps {
  talk: Programme['talks'][number];
  session: LiveSession;
  mark: 'now' | 'next' | null;
}

function Talk({ talk, session, mark }: TalkProps) {
  const t = programmeTexts();
  const at = timeAt(session.live_at ?? session.starts_at, talk.start_minute);
  return (
    <li class={`talk${mark === 'now' ? ' talk--now' : ''}`} aria-current={mark === 'now' ? 'true' : undefined}>
      <span class="talk__time number">{formatTime(at, session.congress.time_zone)}</span>
      <div class="talk__what">
        <p class="talk__title">
          {unbroken(talk.title)} {mark && <Badge tone={mark === 'now' ? 'live' : 'neutral'}>{t[mark]}</Badge>}
        </p>
        <People people={talk.speakers} />
      </div>
    </li>
  );
}

/** What was given, when the session is over. */
export function ProgrammeRecap(props: ViewProps<ProgrammeStore>) {
  if (props.store.empty.value) return null;
  return (
    <section class="stack stack--tight" aria-labelledby="programme-recap">
      <h2 id="programme-recap">{programmeTexts().title}</h2>
      <ProgrammePanel {...props} />
    </section>
  );
}
