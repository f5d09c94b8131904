// The slides of a live room, as the host moves them.
import { livePart } from '../feature';
import { SlideDesk } from './SlideDesk';
import { slideStore } from './store';

export default livePart(slideStore, { stage: SlideDesk });
