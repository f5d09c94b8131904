// The stage as those see it who follow: the speakers over the slide, or one of them or a screen in its place;
// the press that starts the sound, and in words what stands in its way.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useScrollFocus } from '../../ui/useScrollFocus';
import { Verbatim } from '../../ui/Verbatim';
import type { ViewProps } from '../feature';
import { listening } from './here';
import type { StagePerson } from './messages';
import { listen } from './opening';
import { focusOf, shapeOf } from './shape';
import type { StageStore } from './store';
import { stageTexts } from './texts';
import { SharedScreen, Tile } from './Tile';

type Props = ViewProps<StageStore>;

/** Loads the player as soon as there is something to hear. */
export function useListening({ store, room }: Props): void {
  useEffect(() => {
    listen(store, room).catch(() => undefined);
  }, [store]);
}

export default function Theatre(props: Props) {
  const { store } = props;
  useListening(props);
  const shape = shapeOf(store);
  const focus = focusOf(store);
  const people = store.onStage.value;
  if (!focus) return null;
  const beside = shape === 'speaker' ? people.filter((person) => person !== focus) : people;
  return (
    <>
      <People store={store} people={beside} />
      {shape !== 'slide' && (
        <div class="cast__large">
          {shape === 'screen' && store.sharing.value ? (
            <SharedScreen store={store} person={store.sharing.value} />
          ) : (
            <Tile key={focus.id} store={store} person={focus} large />
          )}
        </div>
      )}
      <Listen store={store} />
      <Notes {...props} />
    </>
  );
}

function People({ store, people }: { store: StageStore; people: readonly StagePerson[] }) {
  const box = useScrollFocus<HTMLElement>();
  const row = useScrollFocus<HTMLOListElement>();
  return (
    <section class="cast" aria-label={stageTexts().region} ref={box}>
      <ol class="cast__tiles plain" ref={row}>
        {people.map((person) => (
          <li key={person.id}>
            <Tile store={store} person={person} />
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Listen({ store }: { store: StageStore }) {
  const t = stageTexts();
  const player = listening.value;
  if (!player?.asks.value || player.state.value.sound === 'unsupported') return null;
  const busy = player.starting.value;
  const speaker = store.onStage.value.find(({ id }) => id === store.speaking.value?.person);
  return (
    <div class="cast__listen">
      <button type="button" class="listen-button" aria-busy={busy || undefined} onClick={() => void player.press()}>
        <span class="listen-button__icon">
          <Icon name="volume" size={26} />
        </span>
        <span class="listen-button__text">
          <strong>{busy ? t.starting : t.listen}</strong>
          <span class="small">{t.listenText(speaker?.name ?? '')}</span>
        </span>
      </button>
    </div>
  );
}

export function Notes({ store, session }: Props) {
  const t = stageTexts();
  const player = listening.value;
  const dial = session.listen_at;
  if (store.carried.value) return <Note text={t.carried} dial={dial} />;
  if (!player) return null;
  const { sound, pictureHeld, picture } = player.state.value;
  if (sound === 'unsupported') return <Note text={t.noSound} dial={dial} />;
  if (sound === 'interrupted') return <Note text={t.interrupted} />;
  if (!picture) return <Note text={t.noPicture} />;
  if (!pictureHeld || sound !== 'on') return null;
  return (
    <Note text={t.slow}>
      <Button small onClick={() => player.player.tryPicture()}>
        {t.tryPicture}
      </Button>
    </Note>
  );
}

interface NoteProps {
  text: string;
  dial?: string;
  children?: ComponentChildren;
}

function Note({ text, dial, children }: NoteProps) {
  return (
    <div class="cast__note" role="status">
      <Icon name="info" size={18} />
      <p>
        {text} {dial && stageTexts().dial}{' '}
        {dial && <Verbatim class="nowrap">{dial}</Verbatim>}
      </p>
      {children}
    </div>
  );
}
