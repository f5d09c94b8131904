// What the host console loads of the stage when it is shown.
import { Lazy } from '../../ui/Lazy';
import type { ViewProps } from '../feature';
import type { StageStore } from './store';

const desk = () => import('./later').then(({ StageDesk: View }) => ({ default: View }));
const panel = () => import('./later').then(({ StagePanel: View }) => ({ default: View }));

export const StageDesk = (props: ViewProps<StageStore>) => <Lazy load={desk} props={props} />;
export const StagePanel = (props: ViewProps<StageStore>) => <Lazy load={panel} props={props} />;
