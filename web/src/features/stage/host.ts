// The stage in the host console: who is on it, who waits, whose hands are up.
import { livePart } from '../feature';
import { StageDesk, StagePanel } from './HostShell';
import { news } from './news';
import { stageStore } from './store';
import { stageTexts } from './texts';

export default livePart(stageStore, {
  stage: StageDesk,
  panel: {
    key: 'stage',
    later: true,
    label: () => stageTexts().stage,
    mark: (store) => (store.hands.value.length > 0 ? String(store.hands.value.length) : null),
    view: StagePanel,
  },
  news,
});
