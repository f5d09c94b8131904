// What somebody who may speak says to being recorded; asked once, and to be changed at any time. Until they
// answered they are heard and not recorded, as if they had declined.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import { recordingTexts } from './liveTexts';
import type { RecordingStore } from './store';

interface Words {
  ask: string;
  askText: string;
  agree: string;
  decline: string;
}

/** In the console: hosts and speakers. */
export function Consent({ store }: { store: RecordingStore }) {
  return <Asked store={store} words={recordingTexts()} />;
}

/** In the room: an HCP who is invited to speak, or speaks. */
export function GuestConsent({ store }: ViewProps<RecordingStore>) {
  const t = recordingTexts();
  if (!store.recorded.value) return null;
  const ask = store.running.value ? t.guest.ask : t.guest.askLater;
  return <Asked store={store} words={{ ...t.guest, ask }} />;
}

function Asked({ store, words }: { store: RecordingStore; words: Words }) {
  const own = store.own.value;
  const ref = useRef<HTMLDivElement>(null);
  const answered = useRef(false);
  const [busy, setBusy] = useState(false);
  const say = async (given: boolean) => {
    setBusy(true);
    try {
      answered.current = true;
      await store.consent(given);
    } catch (error) {
      toast.error(error);
    }
    setBusy(false);
  };
  // The button that was pressed is gone: the focus goes on with what stands in its place.
  useEffect(() => {
    if (answered.current && own !== null) ref.current?.querySelector('button')?.focus();
  }, [own]);
  return (
    <div class="recording-asked" ref={ref}>
      {own === null ? <Question words={words} busy={busy} say={say} /> : <Answer given={own} busy={busy} say={say} />}
    </div>
  );
}

interface AnswerProps {
  busy: boolean;
  say: (given: boolean) => Promise<void>;
}

function Question({ words, busy, say }: AnswerProps & { words: Words }) {
  return (
    <Banner title={words.ask}>
      <p>{words.askText}</p>
      <div class="row recording-choice">
        <Button look="primary" small busy={busy} onClick={() => say(true)}>
          {words.agree}
        </Button>
        <Button small busy={busy} onClick={() => say(false)}>
          {words.decline}
        </Button>
      </div>
    </Banner>
  );
}

function Answer({ given, busy, say }: AnswerProps & { given: boolean }) {
  const t = recordingTexts();
  const [asking, ask] = useState(false);
  return (
    <div class="recording-answer small muted">
      <p role="status">{given ? t.agreed : t.declined}</p>
      <Button look="quiet" small busy={busy} onClick={() => (given ? ask(true) : say(true))}>
        {given ? t.withdraw : t.change}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t.withdrawTitle}
          text={t.withdrawText}
          action={t.withdraw}
          danger
          onConfirm={() => say(false)}
          onClose={() => ask(false)}
        />
      )}
    </div>
  );
}
