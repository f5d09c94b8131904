// The room from the lobby to the end: the stage large, the panels beside it (below it on a phone, over
// it on the whole screen). The panels are the same from the lobby on: a start interrupts nobody who types.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Panel } from '../../features/feature';
import { formatClock, unbroken } from '../../i18n';
import { second } from '../../state/clock';
import { Badge } from '../../ui/Badge';
import { Verbatim } from '../../ui/Verbatim';
import { Calls, type Calling, callsOf } from './Calls';
import { ConnectionChip } from './ConnectionState';
import { ListenAt } from './ListenAt';
import { arrangement, Marks, Overs, panelsOf, type RoomProps, sideTabs, Stages } from './parts';
import type { SessionRoom } from './room';
import { ScreenTools, useIdle } from './ScreenTools';
import { SidePanel } from './SidePanel';
import { liveTexts } from './texts';
import { About, Waiting, When } from './Waiting';

/** The key of the panel in front. What calls comes to the front, unless the person is at work there. */
function useFront(all: readonly Panel[], calling: Calling | undefined, room: SessionRoom, side: Side) {
  const [front, setFront] = useState(all[0]?.key ?? '');
  useEffect(() => {
    const busy = side.current?.contains(document.activeElement) || room.drafts.begun;
    if (calling && !busy) setFront(calling.panel.key);
  }, [calling?.call.id]);
  return [front, setFront] as const;
}

type Side = { readonly current: HTMLElement | null };

/** When the session starts, the stage is in view; the focus stays where it is. */
function useStart(live: boolean, stage: Side): void {
  const before = useRef(live);
  useEffect(() => {
    if (live && !before.current) stage.current?.scrollIntoView({ block: 'nearest' });
    before.current = live;
  }, [live]);
}

/** Brings the panels into view where they stand below the stage, which may stay at the top. */
function scrollToPanels(stage: HTMLElement | null, side: HTMLElement | null): void {
  if (!stage || !side || document.documentElement.hasAttribute('data-full')) return;
  const beside = side.getBoundingClientRect().left >= stage.getBoundingClientRect().right;
  if (beside) return;
  const fixed = getComputedStyle(stage).position === 'sticky' ? stage.offsetHeight : 0;
  scrollBy({ top: side.getBoundingClientRect().top - fixed });
}

const focusPanel = (side: HTMLElement | null) =>
  side?.querySelector<HTMLElement>('[role="tabpanel"]:not([hidden])')?.focus({ preventScroll: true });

function useRoomState({ room, session }: RoomProps) {
  const live = session.state === 'live';
  const stage = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  const panels = panelsOf(room).filter((panel) => live || panel.waiting);
  const calls = callsOf(panels, room);
  const [front, setFront] = useFront(panels, calls[0], room, side);
  const [drawer, setDrawer] = useState(false);
  const full = room.screen.on.value;
  useStart(live, stage);
  useEffect(() => setDrawer(false), [full]);
  const open = (key: string, focus: boolean) => {
    setFront(key);
    setDrawer(true);
    requestAnimationFrame(() => {
      scrollToPanels(stage.current, side.current);
      if (focus) focusPanel(side.current);
    });
  };
  return { live, stage, side, panels, calls, front, full, drawer, setDrawer, open };
}

export function RoomView(props: RoomProps) {
  const { room, session } = props;
  const state = useRoomState(props);
  const { live, full, panels, front, drawer, open } = state;
  const idle = useIdle(full);
  const names = [
    'room',
    live && 'room--live',
    full && 'room--full',
    full && drawer && 'room--drawer',
    idle && 'room--idle',
  ];
  const toggle = (key: string) =>
    drawer && front === key ? state.setDrawer(false) : open(key, true);
  return (
    <div class={names.filter(Boolean).join(' ')}>
      <Head room={room} session={session} />
      <div class="room__stage" ref={state.stage}>
        <Calls calls={state.calls} front={full ? '' : front} onAnswer={({ panel }) => open(panel.key, true)} />
        <div class={`room__screen ${live ? arrangement(room) : ''}`}>
          {live ? <Stages room={room} session={session} /> : <Waiting session={session} />}
        </div>
        {full && (
          <div class="screen-marks">
            <Marks room={room} session={session} />
          </div>
        )}
        {full && <ScreenTools {...{ room, panels }} open={drawer ? front : null} onToggle={toggle} />}
      </div>
      <div class="room__below stack">
        <ListenAt value={session.listen_at} />
        {!live && <About session={session} />}
      </div>
      <SidePanel
        label={live ? liveTexts().panels : liveTexts().meanwhile}
        current={front}
        onSelect={(key) => open(key, false)}
        tabs={sideTabs(panels, { room, session })}
        panel={state.side}
        {...(full && { drawer: { open: drawer, close: () => state.setDrawer(false) } })}
      />
      <Overs room={room} session={session} />
    </div>
  );
}

function Head({ room, session }: RoomProps) {
  const { congress } = session;
  return (
    <header class="room__head">
      {congress.title !== session.title && (
        <p class="muted small room__congress">{unbroken(congress.title)}</p>
      )}
      <h1 lang={session.language}>{unbroken(session.title)}</h1>
      <Facts room={room} session={session} />
    </header>
  );
}

function Facts({ room, session }: RoomProps) {
  const t = liveTexts();
  const people = room.people;
  const since = session.live_at ? (second.value - new Date(session.live_at).getTime()) / 1000 : 0;
  return (
    <p class="row row--facts small faint room__facts">
      {session.state === 'live' ? (
        <>
          <Badge tone="live">{t.live}</Badge>
          <span class="number">
            {t.since} <Verbatim>{formatClock(since)}</Verbatim>
          </span>
        </>
      ) : (
        <When session={session} />
      )}
      <Marks room={room} session={session} />
      {people !== null && <span class="number">{t.people(people)}</span>}
      <ConnectionChip connection={room.socket.connection.value} />
    </p>
  );
}
