// Who is present, for those who conduct the session.
import { livePart } from '../feature';
import { PresentDesk } from './PresentDesk';
import { presentTexts } from './presentTexts';
import { figuresStore } from './store';

export default livePart(figuresStore, {
  panel: { key: 'audience', label: () => presentTexts().present, view: PresentDesk },
});
