// The stage of a live room, as HCPs follow it and are invited to it.
import { livePart } from '../feature';
import { news } from './news';
import { arrange } from './shape';
import { StageGuest, StageTools, StageView } from './Shell';
import { stageStore } from './store';

export default livePart(stageStore, { stage: StageView, tools: StageTools, over: StageGuest, arrange, news });
