// /host/:session: conducting a session: slides, questions, polls, who is there, start and end.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageProps } from '../../app/router';
import { unbroken } from '../../i18n';
import { Banner } from '../../ui/Banner';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { PageLoading } from '../../ui/Progress';
import { LanguageSwitch, ThemeSwitch } from '../../ui/Preferences';
import { useTitle } from '../../ui/useTitle';
import { ConnectionBanner } from '../live/ConnectionState';
import { LiveRoom } from '../live/room';
import { SidePanel } from '../live/SidePanel';
import { FiguresStore } from '../participation/live';
import { PollDesk } from '../polls/PollDesk';
import { QuestionDesk } from '../questions/QuestionDesk';
import { SlideDesk } from '../slides/SlideDesk';
import { Audience } from './Audience';
import { HostBar } from './HostBar';
import { hostTexts } from './texts';

const has = (roles: readonly string[], ...wanted: string[]) => wanted.some((role) => roles.includes(role));

export default function HostPage({ params }: PageProps) {
  const session = params.session ?? '';
  const [room, setRoom] = useState<LiveRoom | null>(null);
  const figures = useMemo(() => new FiguresStore(), [session]);
  useEffect(() => {
    const opened = new LiveRoom(session, true, [figures]);
    setRoom(opened);
    return () => opened.stop();
  }, [session]);
  const now = room?.session.session.value;
  useTitle(now ? `${hostTexts().console} · ${now.title}` : hostTexts().console);
  const connection = room?.socket.connection.value;
  if (!room || !connection) return <PageLoading />;
  if (!now && (connection.is === 'connecting' || connection.is === 'online')) return <PageLoading />;
  return (
    <div class="host">
      {now && <HostHead room={room} />}
      <main class="host__main" id="main" tabIndex={-1}>
        <ConnectionBanner connection={connection} />
        {now && <Console room={room} figures={figures} />}
      </main>
    </div>
  );
}

function HostHead({ room }: { room: LiveRoom }) {
  const t = hostTexts();
  const now = room.session.session.value;
  if (!now) return null;
  return (
    <header class="host__head">
      <LinkButton href={`/sessions/${now.id}`} look="quiet" small icon="arrowLeft">
        {t.open}
      </LinkButton>
      <h1 class="host__title">{unbroken(now.title)}</h1>
      <div class="row host__tools">
        <LinkButton href={`/sessions/${now.id}/participation`} look="quiet" small icon="chart" newTab>
          {t.participation}
        </LinkButton>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Console({ room, figures }: { room: LiveRoom; figures: FiguresStore }) {
  const t = hostTexts();
  const now = room.session.session.value;
  const roles = room.session.person.value?.roles ?? [];
  if (!now) return null;
  if (now.state === 'ended' || now.state === 'cancelled') return <Finished room={room} figures={figures} />;
  const conducts = has(roles, 'organiser', 'host');
  const moves = conducts || has(roles, 'speaker');
  const started = now.state === 'lobby' || now.state === 'live';
  return (
    <div class="stack">
      <HostBar room={room} mayConduct={conducts} />
      {now.state === 'draft' && (
        <Banner title={t.notPublished} action={<LinkButton href={`/sessions/${now.id}`}>{t.open}</LinkButton>}>
          {t.notPublishedText}
        </Banner>
      )}
      {!moves && <Banner>{t.follow}</Banner>}
      <div class="host__grid">
        <SlideDesk
          store={room.slides}
          session={now.id}
          mayMove={moves && started}
          move={(deck, page) => room.session.command('slide.move', { deck, page })}
        />
        <Panels room={room} figures={figures} moderates={conducts || has(roles, 'moderator')} />
      </div>
    </div>
  );
}

interface PanelsProps {
  room: LiveRoom;
  figures: FiguresStore;
  moderates: boolean;
}

function Panels({ room, figures, moderates }: PanelsProps) {
  const t = hostTexts();
  const now = room.session.session.value;
  const [panel, setPanel] = useState('questions');
  if (!now) return null;
  const waiting = room.questions.questions.value.filter((q) => q.state === 'asked').length;
  const people = room.presence.people.value;
  const over = now.state === 'ended';
  const questions = {
    key: 'questions',
    label: t.questions,
    mark: waiting ? String(waiting) : null,
    content: <QuestionDesk store={room.questions} mayModerate={moderates} zone={now.congress.time_zone} />,
  };
  const polls = {
    key: 'polls',
    label: t.polls,
    content: (
      <PollDesk
        store={room.polls}
        session={now.id}
        mayRun={moderates}
        state={now.state}
        people={people ?? 0}
      />
    ),
  };
  const audience = {
    key: 'audience',
    label: t.audience,
    content: <Audience figures={figures.figures.value} people={people} />,
  };
  return (
    <SidePanel
      label={t.panels}
      current={panel}
      onSelect={setPanel}
      tabs={over ? [questions, polls] : [questions, polls, audience]}
    />
  );
}

/** What was asked and answered stays to be read. */
function Finished({ room, figures }: { room: LiveRoom; figures: FiguresStore }) {
  const t = hostTexts();
  const now = room.session.session.value;
  if (!now) return null;
  const cancelled = now.state === 'cancelled';
  const card = (
    <Card>
      <EmptyState
        icon={cancelled ? 'calendar' : 'checkCircle'}
        title={cancelled ? t.cancelled : t.ended}
        action={
          <LinkButton look="primary" icon="chart" href={`/sessions/${now.id}/participation`}>
            {t.participation}
          </LinkButton>
        }
      >
        {!cancelled && t.endedText}
      </EmptyState>
    </Card>
  );
  if (cancelled) return card;
  return (
    <div class="host__grid">
      {card}
      <Panels room={room} figures={figures} moderates={false} />
    </div>
  );
}
