// A session that is being recorded says so to everybody.
import { livePart, type News } from '../feature';
import { recordingTexts } from './liveTexts';
import { RecordingMark } from './RecordingMark';
import { GuestConsent } from './Shell';
import { type RecordingStore, recordingStore } from './store';

function news(store: RecordingStore): News | null {
  const running = store.running.value;
  const t = recordingTexts().news;
  if (running) return { id: running.recording, text: t.on };
  return store.stopped.value ? { id: `stopped ${store.stopped.value}`, text: t.off } : null;
}

export default livePart(recordingStore, { mark: RecordingMark, asks: GuestConsent, news });
