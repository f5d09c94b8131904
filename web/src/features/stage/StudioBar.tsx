// The own microphone, camera and screen of somebody on the stage or behind it, and in words how it stands.
import { useEffect, useState } from 'preact/hooks';
import type { CaptureState } from '../../media';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Icon, type IconName } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import type { Room } from '../feature';
import { DeviceCheck } from './DeviceCheck';
import type { StagePerson } from './messages';
import type { StageStore } from './store';
import { studio as opened } from './here';
import { openStudio } from './opening';
import type { Notice, Studio } from './studio';
import { studioTexts } from './studioTexts';

const GOOD: readonly Notice[] = ['onstage'];

/** What others did to this person is said once. */
export function useNotices(studio: Studio | null): void {
  const notice = studio?.notice.value ?? null;
  useEffect(() => {
    if (!studio || !notice) return;
    const text = studioTexts().notice[notice];
    if (GOOD.includes(notice)) toast.good(text);
    else toast.bad(text);
    studio.notice.value = null;
  }, [notice]);
}

interface ControlProps {
  icon: IconName;
  label: string;
  off?: boolean;
  on?: boolean;
  bad?: boolean;
  busy?: boolean;
  onClick: () => void;
}

function Control({ icon, label, off, on, bad, busy, onClick }: ControlProps) {
  const look = ['control-button', off && 'control-button--off', on && 'control-button--on', bad && 'control-button--bad'].filter(Boolean).join(' ');
  return (
    <button type="button" class={look} aria-label={label} title={label} aria-busy={busy || undefined} onClick={busy ? undefined : onClick}>
      <Icon name={icon} size={22} />
    </button>
  );
}

interface StudioBarProps {
  store: StageStore;
  mine: StagePerson;
  session: string;
  room: Pick<Room, 'live' | 'over'>;
  /** Staff share screens, HCPs do not. */
  screen: boolean;
  /** Called when this person's screen is shared. */
  onShared?: () => void;
}

export function StudioBar(props: StudioBarProps) {
  const studio = opened.value;
  if (!studio?.giving.value) return <NotHere {...props} />;
  return <Controls {...props} studio={studio} />;
}

/** The page was loaded again, or another one speaks: here nothing is given until the person says so. */
function NotHere({ store, session, room, mine }: StudioBarProps) {
  const t = studioTexts();
  const [checking, setChecking] = useState<Studio | null>(null);
  const ended = opened.value?.ended.value;
  const open = () => void openStudio(store, session, room).then(setChecking, toast.error);
  return (
    <div class="studio-bar">
      <p class="studio-bar__state" role="status">
        {ended === 'elsewhere' ? t.state.elsewhere : ended ? t.state.ended : t.notHere}
      </p>
      <Button look="primary" icon="mic" onClick={open}>
        {t.here}
      </Button>
      {checking && (
        <DeviceCheck studio={checking} picture={mine.picture} action={t.here} onGo={() => checking.enter()} onClose={() => setChecking(null)} />
      )}
    </div>
  );
}

/** How it stands, the worst first. */
function stateText({ publishing, leftOut, stalled }: CaptureState, mine: StagePerson, live: boolean): [tone: string, text: string] {
  const t = studioTexts().state;
  if (publishing.is === 'connecting' || publishing.is === 'idle') return ['warn', t.connecting];
  if (publishing.is === 'waiting') return ['warn', publishing.at === null ? t.offline : t.waiting];
  if (publishing.is === 'closed') return ['bad', t.offStage];
  if (leftOut.voice) return ['bad', t.tooNarrow];
  if (leftOut.screen) return ['warn', t.narrowScreen];
  if (mine.picture && !mine.camera_off && leftOut.high) return ['warn', leftOut.low ? t.narrow : t.narrowSmall];
  if (stalled) return ['warn', t.stalled];
  if (mine.place === 'backstage') return ['calm', t.backstage];
  if (!live) return ['calm', t.stageBefore];
  if (mine.muted) return ['calm', t.stageMuted];
  return ['on', mine.picture && !mine.camera_off ? t.stage : t.stageVoice];
}

function Controls({ studio, mine, room, screen, onShared }: StudioBarProps & { studio: Studio }) {
  const t = studioTexts();
  const [asking, ask] = useState<'devices' | 'leave' | null>(null);
  const { microphone, camera } = studio.state.value;
  const [tone, text] = stateText(studio.state.value, mine, room.live);
  const run = (act: () => Promise<unknown>) => () => void act().catch(toast.error);
  const heard = microphone.is === 'on' && !mine.muted;
  const seen = camera.is === 'on' && !mine.camera_off;
  return (
    <div class="studio-bar" role="group" aria-label={t.controls}>
      <p class={`studio-bar__state studio-bar__state--${tone}`} role="status">
        {text}
      </p>
      <div class="studio-bar__buttons">
        <Control
          icon={heard ? 'mic' : 'micOff'}
          label={heard ? t.mute : t.unmute}
          off={!heard}
          busy={microphone.is === 'asking'}
          onClick={run(() => studio.toggleMicrophone())}
        />
        {mine.picture && (
          <Control
            icon={seen ? 'camera' : 'cameraOff'}
            label={seen ? t.cameraOff : t.cameraOn}
            off={!seen}
            busy={camera.is === 'asking'}
            onClick={run(() => studio.toggleCamera())}
          />
        )}
        {screen && studio.support.shareScreen && <Share studio={studio} onShared={mine.place === 'stage' ? onShared : undefined} />}
        <Control icon="settings" label={t.devices} onClick={() => ask('devices')} />
        <Control icon="signOut" label={t.leave} bad onClick={() => ask('leave')} />
      </div>
      <Faults studio={studio} />
      {asking === 'devices' && <DeviceCheck studio={studio} picture={mine.picture} onClose={() => ask(null)} />}
      {asking === 'leave' && <Leave studio={studio} onClose={() => ask(null)} />}
    </div>
  );
}

function Share({ studio, onShared }: { studio: Studio; onShared: (() => void) | undefined }) {
  const t = studioTexts();
  const { is } = studio.state.value.screen;
  const share = async () => {
    if (await studio.toggleScreen()) onShared?.();
  };
  return (
    <Control
      icon="screen"
      label={is === 'on' ? t.stopShare : t.share}
      busy={is === 'asking'}
      on={is === 'on'}
      onClick={() => void share().catch(toast.error)}
    />
  );
}

/** Why something could not be turned on. */
function Faults({ studio }: { studio: Studio }) {
  const t = studioTexts();
  const state = studio.state.value;
  const texts = (['microphone', 'camera', 'screen'] as const).flatMap((name) => {
    const { is, fault } = state[name];
    return is === 'fault' && fault ? [t.faults[name][fault]] : [];
  });
  return (
    <>
      {texts.map((text) => (
        <p class="studio-bar__fault small" role="alert" key={text}>
          <Icon name="alert" size={16} /> {text}
        </p>
      ))}
    </>
  );
}

function Leave({ studio, onClose }: { studio: Studio; onClose: () => void }) {
  const t = studioTexts();
  return (
    <ConfirmDialog
      title={t.leaveTitle}
      text={t.leaveText}
      action={t.leave}
      keep={t.stay}
      danger
      onConfirm={() => studio.leave()}
      onClose={onClose}
    />
  );
}
