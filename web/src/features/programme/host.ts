// The programme beside the host's console.
import { livePart } from '../feature';
import { ProgrammePanel } from './ProgrammePanel';
import { programmeStore } from './store';
import { programmeTexts } from '../../ui/programmeTexts';

export default livePart(programmeStore, {
  panel: {
    key: 'programme',
    label: () => programmeTexts().title,
    icon: 'list',
    later: true,
    shown: (store) => !store.empty.value,
    view: ProgrammePanel,
  },
});
