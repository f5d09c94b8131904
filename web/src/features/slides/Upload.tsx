import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { api } from '../../net/api';
import { errorText } from '../../i18n/common';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { deckTexts } from './deckTexts';

const MOST_BYTES = 200 * 1024 * 1024;

interface UploadProps {
  session: string;
  /** There are decks already: a smaller area is enough. */
  again: boolean;
  onDone: () => void;
}

function useUpload(session: string, onDone: () => void) {
  const t = deckTexts();
  const [state, setState] = useState<{ name: string; share: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (file: File | undefined) => {
    if (!file || stop.current) return;
    setError(null);
    if (file.type !== 'application/pdf' && !/\.pdf$/i.test(file.name)) return setError(t.notPdf);
    if (file.size > MOST_BYTES) return setError(t.tooLarge);
    stop.current = new AbortController();
    setState({ name: file.name, share: 0 });
    try {
      const progress = (share: number) => setState({ name: file.name, share });
      await api.uploadDeck(session, file, progress, stop.current.signal);
      onDone();
    } catch (failure) {
      if (!(failure instanceof DOMException)) setError(errorText(failure));
    } finally {
      stop.current = null;
      setState(null);
    }
  };
  return { state, error, start, cancel: () => stop.current?.abort() };
}

export function Upload({ session, again, onDone }: UploadProps) {
  const t = deckTexts();
  const id = useId();
  const [over, setOver] = useState(false);
  const { state, error, start, cancel } = useUpload(session, onDone);
  if (state)
    return (
      <div class="upload upload--busy">
        <div class="row row--between">
          <span>{t.uploading(state.name)}</span>
          <Button look="quiet" small onClick={cancel}>
            {t.stop}
          </Button>
        </div>
        <Progress label={t.uploading(state.name)} value={state.share} />
      </div>
    );
  return (
    <div class="stack">
      <div
        class={`upload${over ? ' upload--over' : ''}${again ? ' upload--again' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void start(event.dataTransfer?.files[0]);
        }}
      >
        <span class="empty__icon">
          <Icon name="upload" size={26} />
        </span>
        <div>
          {!again && <p class="empty__title">{t.empty}</p>}
          {!again && <p class="muted">{t.emptyText}</p>}
          <p>
            {t.drop}{' '}
            <label class="upload__choose" for={id}>
              {t.choose}
            </label>
            <input
              id={id}
              class="visually-hidden"
              type="file"
              accept="application/pdf,.pdf"
              onChange={(event) => {
                void start(event.currentTarget.files?.[0]);
                event.currentTarget.value = '';
              }}
            />
          </p>
          <p class="faint small">{t.lead}</p>
        </div>
      </div>
      {error && <Banner tone="bad">{error}</Banner>}
    </div>
  );
}
