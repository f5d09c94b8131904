// In the bar below the stage: sound on and off, its volume, pictures on and off.
import { IconButton } from '../../ui/Button';
import type { ViewProps } from '../feature';
import { listening } from './here';
import type { StageStore } from './store';
import { stageTexts } from './texts';

export default function SoundBar({ store }: Pick<ViewProps<StageStore>, 'store'>) {
  const t = stageTexts();
  const player = listening.value;
  if (!player || store.carried.value) return null;
  const { sound, picture } = player.state.value;
  const on = sound === 'on' || sound === 'interrupted';
  const shown = player.picture.value;
  if (sound === 'unsupported') return null;
  return (
    <>
      <IconButton
        icon={on ? 'volume' : 'volumeOff'}
        label={on ? t.mute : t.unmute}
        busy={player.starting.value}
        onClick={() => (on ? player.silence() : void player.press())}
      />
      <input
        class="volume"
        type="range"
        min="0.05"
        max="1"
        step="0.05"
        aria-label={t.volume}
        disabled={!on}
        value={player.volume.value}
        onInput={(event) => player.setVolume(Number(event.currentTarget.value))}
      />
      {picture && (
        <IconButton
          icon={shown ? 'camera' : 'cameraOff'}
          label={shown ? t.pictureOff : t.pictureOn}
          onClick={() => player.showPicture(!shown)}
        />
      )}
    </>
  );
}
