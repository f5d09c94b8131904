// Recording, as the host starts and stops it.
import { livePart } from '../feature';
import { RecordingBar } from './Shell';
import { recordingStore } from './store';

export default livePart(recordingStore, { stage: RecordingBar });
