// Everybody in the room sees that a session is being recorded.
import type { ViewProps } from '../feature';
import { Badge } from '../../ui/Badge';
import { Icon } from '../../ui/Icon';
import { recordingTexts } from './liveTexts';
import type { RecordingStore } from './store';

export function RecordingMark({ store }: Pick<ViewProps<RecordingStore>, 'store'>) {
  if (!store.running.value) return null;
  return (
    <Badge tone="bad">
      <Icon name="record" size={14} />
      {recordingTexts().on}
    </Badge>
  );
}
