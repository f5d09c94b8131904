// In the host console: whether the session is recorded, starting and stopping it, and one's own consent.
import { useState } from 'preact/hooks';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import type { ViewProps } from '../feature';
import { Consent } from './Consent';
import { recordingTexts } from './liveTexts';
import { RecordingMark } from './RecordingMark';
import type { RecordingStore } from './store';

export function RecordingBar({ store, session, room }: ViewProps<RecordingStore>) {
  const t = recordingTexts();
  if (session.state !== 'lobby' && session.state !== 'live') return null;
  const why = store.stopped.value;
  return (
    <section class="recording-bar" aria-label={t.on}>
      <div class="row row--between">
        <State store={store} />
        {room.may.conduct && <StartStop store={store} />}
      </div>
      {(why === 'storage' || why === 'quota') && <Banner tone="bad">{t.stopped[why]}</Banner>}
      {store.recorded.value && <Consent store={store} />}
    </section>
  );
}

function State({ store }: { store: RecordingStore }) {
  const t = recordingTexts();
  if (store.running.value)
    return (
      <p class="recording-mark small">
        <RecordingMark store={store} /> {t.onText}
      </p>
    );
  return <p class="muted small">{store.automatic.value ? t.automatic : t.off}</p>;
}

function StartStop({ store }: { store: RecordingStore }) {
  const t = recordingTexts();
  const [asking, ask] = useState(false);
  const runs = store.running.value !== null;
  return (
    <>
      <Button icon={runs ? 'stop' : 'record'} small onClick={() => ask(true)}>
        {runs ? t.stop : t.start}
      </Button>
      {asking && (
        <ConfirmDialog
          title={runs ? t.stopTitle : t.startTitle}
          text={runs ? t.stopText : t.startText}
          action={runs ? t.stop : t.start}
          onConfirm={async () => void (await (runs ? store.end() : store.start()))}
          onClose={() => ask(false)}
        />
      )}
    </>
  );
}
