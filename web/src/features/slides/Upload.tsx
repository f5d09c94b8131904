import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { formatBytes } from '../../i18n';
import { errorText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { FileInput, type TakeFile, useFileDrop } from '../../ui/FileDrop';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { api, type Storage } from './api';
import { deckTexts } from './deckTexts';
import { slideWords } from './words';

/** What presentations, texts and tables are saved as. */
const OFFICE = /\.(pptx?|pptm|ppsx?|potx?|odp|key|docx?|odt|xlsx?|ods)$/i;
const MOST_BYTES = 200 * 1024 * 1024;

interface UploadProps {
  session: string;
  /** There are decks already, so that the area is drawn smaller. */
  again: boolean;
  storage: Storage;
  onDone: () => void;
  /** There was no room for it any more. */
  onFull: () => void;
}

function useUpload({ session, onDone, onFull }: UploadProps) {
  const t = deckTexts();
  const [state, setState] = useState<{ name: string; share: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (file: File | undefined) => {
    if (!file || stop.current) return;
    setError(null);
    if (OFFICE.test(file.name)) return setError(slideWords().errors['pdf.office']);
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
      if (failure instanceof ApiError && failure.code === 'storage.quota') onFull();
    } finally {
      stop.current = null;
      setState(null);
    }
  };
  return { state, error, start, cancel: () => stop.current?.abort() };
}

export function Upload(props: UploadProps) {
  const { state, error, start, cancel } = useUpload(props);
  if (state) return <Uploading name={state.name} share={state.share} onStop={cancel} />;
  return (
    <div class="stack">
      <DropArea again={props.again} storage={props.storage} onFile={start} />
      {error && <Banner tone="bad">{error}</Banner>}
    </div>
  );
}

const NEARLY = 0.9;

function Stored({ storage: { used, quota } }: { storage: Storage }) {
  const t = deckTexts();
  if (quota === null || used === 0) return null;
  const full = used >= NEARLY * quota;
  return (
    <p class={`small ${full ? 'upload__full' : 'faint'}`}>
      {t.stored(formatBytes(used), formatBytes(quota))}
      {full && ` ${t.storedFull}`}
    </p>
  );
}

interface UploadingProps {
  name: string;
  share: number;
  onStop: () => void;
}

function Uploading({ name, share, onStop }: UploadingProps) {
  const t = deckTexts();
  return (
    <div class="upload upload--busy">
      <div class="row row--between">
        <span>{t.uploading(name)}</span>
        <Button look="quiet" small onClick={onStop}>
          {t.stop}
        </Button>
      </div>
      <Progress label={t.uploading(name)} value={share} />
    </div>
  );
}

interface DropAreaProps {
  again: boolean;
  storage: Storage;
  onFile: TakeFile;
}

function DropArea({ again, storage, onFile }: DropAreaProps) {
  const t = deckTexts();
  const { over, listeners } = useFileDrop(onFile);
  return (
    <div class={`upload${over ? ' upload--over' : ''}${again ? ' upload--again' : ''}`} {...listeners}>
      <span class="empty__icon">
        <Icon name="upload" size={26} />
      </span>
      <div>
        {!again && <p class="empty__title">{t.empty}</p>}
        {!again && <p class="muted">{t.emptyText}</p>}
        <FileChoice onFile={onFile} />
        <p class="faint small">{t.lead}</p>
        <Stored storage={storage} />
      </div>
    </div>
  );
}

function FileChoice({ onFile }: Pick<DropAreaProps, 'onFile'>) {
  const t = deckTexts();
  const id = useId();
  return (
    <p>
      {t.drop}{' '}
      <label class="upload__choose" for={id}>
        {t.choose}
      </label>
      <FileInput id={id} accept="application/pdf,.pdf" onFile={onFile} />
    </p>
  );
}
