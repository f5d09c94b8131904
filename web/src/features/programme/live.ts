// The programme of a live room, from the lobby to the end.
import { livePart } from '../feature';
import { ProgrammePanel, ProgrammeRecap } from './ProgrammePanel';
import { programmeStore } from './store';
import { programmeTexts } from '../../ui/programmeTexts';

export default livePart(programmeStore, {
  panel: {
    key: 'programme',
    label: () => programmeTexts().title,
    icon: 'list',
    waiting: true,
    later: true,
    shown: (store) => !store.empty.value,
    view: ProgrammePanel,
  },
  recap: ProgrammeRecap,
});
