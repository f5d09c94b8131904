// What a live room loads of the stage at first: the place of its views, and the hand. All else comes when
// somebody is on the stage, or this person is invited to it.
import { useEffect } from 'preact/hooks';
import { useAction } from '../../state/action';
import { useModule } from '../../state/module';
import { Button } from '../../ui/Button';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import { canSpeak } from './able';
import { listening, studio } from './here';
import type { StageStore } from './store';
import { stageTexts } from './texts';

type Props = ViewProps<StageStore>;

const theatre = () => import('./later').then(({ Theatre }) => ({ default: Theatre }));
const soundBar = () => import('./later').then(({ SoundBar }) => ({ default: SoundBar }));
const guest = () => import('./later').then(({ Guest }) => ({ default: Guest }));

export function StageView(props: Props) {
  const busy = props.store.busy.value;
  const { view: Theatre } = useModule(busy ? theatre : undefined);
  return busy && Theatre ? <Theatre {...props} /> : null;
}

export function StageTools(props: Props) {
  const { view: SoundBar } = useModule(listening.value ? soundBar : undefined);
  return (
    <div class="stage-tools">
      {SoundBar && props.store.onStage.value.length > 0 && <SoundBar {...props} />}
      {props.session.state === 'live' && !props.store.mine.value && <HandButton store={props.store} />}
    </div>
  );
}

function HandButton({ store }: { store: StageStore }) {
  const t = stageTexts();
  const up = store.hand.value !== null;
  const action = useAction(async () => {
    if (up) return store.lower();
    await store.raise();
    if (canSpeak()) toast.good(t.raised);
    else toast.bad(t.raisedMute);
  });
  useEffect(() => {
    if (action.error !== null) toast.error(action.error);
  }, [action.error]);
  return (
    <Button look="quiet" small icon="hand" pressed={up} busy={action.busy} onClick={() => void action.run()}>
      {up ? t.lower : t.raise}
    </Button>
  );
}

/** Invited, or on the stage: this page may give. */
export function StageGuest(props: Props) {
  const { invited, mine, happened } = props.store;
  const withdrawn = happened.value?.what === 'withdrawn' ? happened.value.number : null;
  useEffect(() => {
    if (withdrawn !== null) toast.bad(stageTexts().withdrawn);
  }, [withdrawn]);
  const wanted = invited.value !== null || mine.value !== null || studio.value !== null;
  const { view: Guest } = useModule(wanted ? guest : undefined);
  return wanted && Guest ? <Guest {...props} /> : null;
}
