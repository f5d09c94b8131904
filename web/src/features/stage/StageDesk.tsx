// The stage in the host console: everybody on it and behind it, the own microphone and camera, what people see.
import { useState } from 'preact/hooks';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import { DeviceCheck } from './DeviceCheck';
import type { Layout } from './messages';
import SoundBar from './SoundBar';
import type { StageStore } from './store';
import { studio as opened } from './here';
import { openStudio } from './opening';
import type { Studio } from './studio';
import { StudioBar, useNotices } from './StudioBar';
import { studioTexts } from './studioTexts';
import { stageTexts } from './texts';
import { Listen, Notes, useListening } from './Theatre';
import { SharedScreen, Tile } from './Tile';

type Props = ViewProps<StageStore>;

export default function StageDesk(props: Props) {
  const { store, session, room } = props;
  const mine = store.mine.value;
  useNotices(opened.value);
  const started = session.state === 'lobby' || session.state === 'live';
  if (!started) return null;
  return (
    <section class="stage-desk" aria-label={stageTexts().stage}>
      {store.busy.value && <Playing {...props} />}
      <Cast {...props} />
      <Sharing {...props} />
      <div class="stage-desk__bar">
        <div class="stage-desk__sound">
          <SoundBar store={store} />
        </div>
        {mine ? (
          <StudioBar
            store={store}
            mine={mine}
            session={session.id}
            room={room}
            screen
            onShared={() => room.may.conduct && setLayout(store, 'screen')}
          />
        ) : (
          <Enter {...props} />
        )}
        {room.may.conduct && <Layouts store={store} />}
      </div>
    </section>
  );
}

function Playing(props: Props) {
  useListening(props);
  return <Notes {...props} />;
}

const setLayout = (store: StageStore, layout: Layout) => void store.call('stage.layout', { layout }).catch(toast.error);

function Cast({ store }: Props) {
  const t = studioTexts();
  const on = store.onStage.value;
  const behind = store.backstage.value;
  if (on.length + behind.length === 0)
    return (
      <div class="stage-desk__empty">
        <Icon name="mic" size={28} />
        <p class="stage-desk__title">{t.nobody}</p>
        <p class="small">{t.nobodyText}</p>
      </div>
    );
  const sharing = store.sharing.value;
  const spotlight = store.spotlight.value;
  return (
    <div class="stage-desk__cast">
      {sharing && <SharedScreen store={store} person={sharing} />}
      {on.map((person) => (
        <Tile key={person.id} store={store} person={person} spotlit={person.id === spotlight ? t.inSpotlight : undefined} />
      ))}
      {behind.map((person) => (
        <Tile key={person.id} store={store} person={person} badge={t.backstage} />
      ))}
      <Listen store={store} />
    </div>
  );
}

/** Somebody shares a screen that nobody sees yet. */
function Sharing({ store, room }: Props) {
  const t = studioTexts();
  const sharing = store.sharing.value;
  if (!sharing || store.layout.value === 'screen' || !room.may.conduct) return null;
  return (
    <Banner
      action={
        <Button small onClick={() => setLayout(store, 'screen')}>
          {t.showScreen}
        </Button>
      }
    >
      {t.sharesText(sharing.name)}
    </Banner>
  );
}

function Enter({ store, session, room }: Props) {
  const t = studioTexts();
  const [checking, setChecking] = useState<Studio | null>(null);
  const open = () => void openStudio(store, session.id, room).then(setChecking, toast.error);
  return (
    <div class="studio-bar">
      <Button look="primary" icon="mic" onClick={open}>
        {t.enter}
      </Button>
      {checking && (
        <DeviceCheck studio={checking} picture action={t.goBackstage} onGo={() => checking.enter()} onClose={() => setChecking(null)} />
      )}
    </div>
  );
}

const LAYOUTS: readonly [Layout, IconName][] = [
  ['slide', 'layoutSlide'],
  ['speaker', 'layoutSpeaker'],
  ['screen', 'layoutScreen'],
];

function Layouts({ store }: { store: StageStore }) {
  const t = studioTexts();
  const now = store.layout.value;
  return (
    <fieldset class="layouts">
      <legend class="layouts__legend">{t.layout}</legend>
      <div class="layouts__row">
        {LAYOUTS.map(([layout, icon]) => (
          <label class="layouts__item" key={layout}>
            <input
              type="radio"
              class="visually-hidden"
              name="stage-layout"
              checked={layout === now}
              onChange={() => setLayout(store, layout)}
            />
            <span>
              <Icon name={icon} />
              {t.layouts[layout]}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
