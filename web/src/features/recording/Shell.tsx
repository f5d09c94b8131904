// What a room loads of the recording at first: the place of its views.
import { useModule } from '../../state/module';
import type { ViewProps } from '../feature';
import type { RecordingStore } from './store';

type Props = ViewProps<RecordingStore>;

const bar = () => import('./later').then(({ RecordingBar: View }) => ({ default: View }));
const consent = () => import('./later').then(({ GuestConsent: View }) => ({ default: View }));

export function RecordingBar(props: Props) {
  const { view: Bar } = useModule(bar);
  return Bar ? <Bar {...props} /> : null;
}

export function GuestConsent(props: Props) {
  const { view: Consent } = useModule(props.store.recorded.value ? consent : undefined);
  return Consent ? <Consent {...props} /> : null;
}
