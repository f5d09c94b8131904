// The live room: the slide large, questions and polls beside it (below it on a phone).
import { useEffect, useState } from 'preact/hooks';
import { formatClock, unbroken } from '../../i18n';
import { second } from '../../state/clock';
import { Badge } from '../../ui/Badge';
import { PollPanel } from '../polls/PollPanel';
import { QuestionPanel } from '../questions/QuestionPanel';
import { SlideStage } from '../slides/SlideStage';
import { ConnectionChip } from './ConnectionState';
import { ListenAt } from './ListenAt';
import type { LiveRoom } from './room';
import { SidePanel } from './SidePanel';
import { liveTexts } from './texts';

export function RoomView({ room }: { room: LiveRoom }) {
  const t = liveTexts();
  const session = room.session.session.value;
  const open = room.polls.open.value.length;
  const unanswered = room.polls.open.value.find((poll) => !room.polls.votes.value.has(poll.id));
  const [panel, setPanel] = useState('questions');
  // A poll that waits for an answer comes to the front by itself, once.
  useEffect(() => {
    if (unanswered) setPanel('polls');
  }, [unanswered?.id]);
  if (!session) return null;
  return (
    <div class="room">
      <header class="room__head">
        <div class="room__title">
          <h1>{unbroken(session.title)}</h1>
          <RoomFacts room={room} liveAt={session.live_at} />
        </div>
      </header>
      <div class="room__main stack">
        <SlideStage store={room.slides} />
        <ListenAt value={session.listen_at} />
      </div>
      <SidePanel
        label={t.panels}
        current={panel}
        onSelect={setPanel}
        tabs={[
          { key: 'questions', label: t.questions, content: <QuestionPanel store={room.questions} mayAsk /> },
          {
            key: 'polls',
            label: t.polls,
            mark: open > 0 ? t.pollOpen : null,
            content: <PollPanel store={room.polls} />,
          },
        ]}
      />
    </div>
  );
}

export function RoomFacts({ room, liveAt }: { room: LiveRoom; liveAt: string | null }) {
  const t = liveTexts();
  const people = room.presence.people.value;
  const since = liveAt ? (second.value - new Date(liveAt).getTime()) / 1000 : 0;
  return (
    <p class="row small room__facts">
      <Badge tone="live">{t.live}</Badge>
      <span class="faint number">
        {t.since} {formatClock(since)}
      </span>
      {people !== null && <span class="faint number">{t.people(people)}</span>}
      <ConnectionChip connection={room.socket.connection.value} />
    </p>
  );
}
