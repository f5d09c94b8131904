// The slides of a live room, as HCPs follow them.
import { livePart } from '../feature';
import { SlideStage } from './SlideStage';
import { slideStore } from './store';

export default livePart(slideStore, { stage: SlideStage });
