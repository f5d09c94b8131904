// Somebody on the stage: their picture as it comes, or their initials; the name, whether they speak or are muted.
import { useEffect, useRef, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { cameraOf, screenOf, voiceOf } from '../../media/streams';
import { Icon } from '../../ui/Icon';
import { Verbatim } from '../../ui/Verbatim';
import { listening, studio } from './here';
import { isDrawn, type Listening } from './listening';
import type { StagePerson } from './messages';
import type { StageStore } from './store';
import { stageTexts } from './texts';

const LOUD_DBOV = 55; // a voice that is louder than this speaks

interface TileProps {
  store: StageStore;
  person: StagePerson;
  large?: boolean;
  /** Shown large to those who follow: said to hosts. */
  spotlit?: string | undefined;
  /** Where they are. */
  badge?: string | undefined;
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
    .map((word) => word[0]?.toUpperCase())
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join('');

/** One of four quiet colours, always the same for a person. */
const shade = (name: string): number => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4;

/** Heard at this moment; without sound, as the server has it. */
function speaks(store: StageStore, { id, muted }: StagePerson): boolean {
  if (muted) return false;
  const stream = store.streamOf(id);
  const state = listening.value?.state.value;
  if (id === store.me || state?.sound !== 'on') return store.speaking.value?.person === id;
  const heard = stream === null ? undefined : state.voices.find((found) => found.stream === voiceOf(stream));
  return heard !== undefined && heard.playing && heard.dbov < LOUD_DBOV;
}

export function Tile({ store, person, large, spotlit, badge }: TileProps) {
  const t = stageTexts();
  const me = person.id === store.me;
  const lost = store.streams.value.get(person.id)?.stream === null;
  const speaking = speaks(store, person);
  const names = ['tile', large && 'tile--large', speaking && 'tile--speaks', lost && 'tile--lost'];
  return (
    <div class={names.filter(Boolean).join(' ')} data-person={person.id}>
      <span class={`tile__face tile__face--${shade(person.name)}`} aria-hidden="true">
        <span>{initials(person.name)}</span>
      </span>
      {me ? <OwnPicture /> : <Camera store={store} person={person} />}
      <p class="tile__name">
        {person.muted && <Icon name="micOff" size={16} />}
        {me ? <span>{t.you}</span> : <Verbatim>{person.name}</Verbatim>}
        {person.kind === 'registration' && <span class="tile__role">{t.participant}</span>}
        {person.role && !me && <span class="tile__role">{common().role[person.role]}</span>}
        {spotlit && <Icon name="spotlight" size={16} />}
        <span class="visually-hidden">{spotlit} {person.muted ? t.muted : speaking ? t.speaks : ''}</span>
      </p>
      {badge && <p class="tile__badge">{badge}</p>}
      {lost && <p class="tile__lost">{t.lost}</p>}
    </div>
  );
}

/** What this page's own camera gives, as in a mirror. */
function OwnPicture() {
  const stream = studio.value?.state.value.camera.stream ?? null;
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.srcObject = stream;
  }, [stream]);
  return <video class="tile__picture tile__picture--own" ref={ref} muted playsInline autoplay hidden={!stream} />;
}

const LOOK_MS = 100;

/** A canvas that the player draws a stream into, while it is in the page; and whether there is something on it. */
function usePicture(from: Listening | null, stream: number | null) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    const canvas = ref.current;
    setDrawn(false);
    if (!from || stream === null || !canvas) return;
    canvas.width = canvas.height = 1;
    const end = from.show(stream, canvas);
    const look = () => setDrawn(isDrawn(canvas));
    const timer = setInterval(look, LOOK_MS);
    look();
    return () => {
      clearInterval(timer);
      end();
    };
  }, [from, stream]);
  return { ref, drawn };
}

function comes(from: Listening | null, stream: number | null): boolean {
  if (!from || stream === null) return false;
  const { rung, pictures } = from.state.value;
  const view = pictures.find((found) => found.stream === stream);
  return rung !== 'voice' && view !== undefined && (view.is === 'playing' || view.is === 'frozen');
}

function Camera({ store, person }: { store: StageStore; person: StagePerson }) {
  const first = store.streamOf(person.id);
  const stream = first === null ? null : cameraOf(first);
  const { ref, drawn } = usePicture(listening.value, stream);
  const shown = drawn && person.picture && !person.camera_off && comes(listening.value, stream);
  return <canvas class="tile__picture" ref={ref} aria-hidden="true" hidden={!shown} />;
}

/** The screen that somebody shares. */
export function SharedScreen({ store, person }: { store: StageStore; person: StagePerson }) {
  const t = stageTexts();
  const first = store.streamOf(person.id);
  const stream = first === null ? null : screenOf(first);
  const { ref, drawn } = usePicture(listening.value, stream);
  return (
    <div class="tile tile--large tile--screen">
      <canvas class="tile__picture" ref={ref} role="img" aria-label={t.screenOf(person.name)} />
      {!(drawn && comes(listening.value, stream)) && (
        <p class="tile__wait">
          <Icon name="screen" size={28} />
          {t.screenOf(person.name)}
        </p>
      )}
    </div>
  );
}
