// The first step of an import: a file is chosen, and of a new list what it is called.
import { useId, useState } from 'preact/hooks';
import { formatBytes } from '../../i18n';
import { errorText } from '../../i18n/errors';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { FileInput, type TakeFile, useFileDrop } from '../../ui/FileDrop';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import type { ListDescription, TargetListDetails } from './api';
import { DescriptionFields } from './DescriptionDialog';
import { importTexts } from './importTexts';
import { StepHead } from './Steps';
import { type Progress as At, useFile } from './useFile';

const MOST_BYTES = 64 * 1024 * 1024;
const OTHER = /\.(xls|xlsm|xlsb|ods|numbers|pdf|docx?|pptx?|zip)$/i;

/** "Cardiologues CRM" of "cardiologues_CRM.csv". */
function nameOf(file: File): string {
  const words = file.name.replace(/\.\w+$/, '').replace(/[_\s]+/g, ' ').trim().slice(0, 100);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function faultOf(file: File): string | null {
  const t = importTexts();
  if (OTHER.test(file.name)) return t.notThisFile;
  return file.size > MOST_BYTES ? t.tooLarge : null;
}

/** `list` null: of a new one. */
export function FileStep({ list }: { list: TargetListDetails | null }) {
  const t = importTexts();
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const upload = useFile();
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    const wrong = faultOf(chosen);
    upload.forget();
    setFault(wrong);
    setFile(wrong ? null : chosen);
    if (!wrong && list) void upload.start(chosen, list.id);
  };
  const said = fault ?? (upload.error === null ? null : errorText(upload.error));
  const busy = file && upload.progress;
  return (
    <>
      {file && !list ? <StepHead title={t.about} text={t.aboutText} /> : <StepHead title={t.file} />}
      {said && <Banner tone="bad">{said}</Banner>}
      {busy ? (
        <Uploading name={file.name} at={busy} onStop={upload.cancel} />
      ) : file && !list ? (
        <NewList file={file} onFile={choose} onSubmit={(about) => void upload.start(file, about)} />
      ) : (
        <DropArea onFile={choose} />
      )}
    </>
  );
}

interface ChosenProps {
  file: File;
  onFile: TakeFile;
  onSubmit: (about: ListDescription) => void;
}

function NewList({ file, onFile, onSubmit }: ChosenProps) {
  const t = importTexts();
  const [about, setAbout] = useState<ListDescription>({ name: nameOf(file), source: null, as_of: null });
  return (
    <Card>
      <Form
        onSubmit={() => onSubmit(about)}
        footer={
          <Button type="submit" look="primary" icon="upload">
            {t.upload}
          </Button>
        }
      >
        <div class="import-file">
          <Icon name="file" />
          <span class="import-file__name" translate={false}>
            {file.name}
          </span>
          <span class="faint number">{formatBytes(file.size)}</span>
          <FileChoice label={t.other} onFile={onFile} />
        </div>
        <DescriptionFields value={about} onChange={setAbout} />
      </Form>
    </Card>
  );
}

function Uploading({ name, at, onStop }: { name: string; at: At; onStop: () => void }) {
  const t = importTexts();
  const said = { reading: t.reading(name), uploading: t.uploading(name), taking: t.taking }[at.step];
  return (
    <Card>
      <div class="stack">
        <div class="row row--between">
          <span role="status">{said}</span>
          <Button look="quiet" onClick={onStop}>
            {t.stop}
          </Button>
        </div>
        <Progress label={said} value={at.step === 'uploading' ? at.share : null} />
      </div>
    </Card>
  );
}

function DropArea({ onFile }: { onFile: TakeFile }) {
  const t = importTexts();
  const { over, listeners } = useFileDrop(onFile);
  return (
    <div class={`import-drop${over ? ' import-drop--over' : ''}`} {...listeners}>
      <span class="empty__icon">
        <Icon name="upload" size={26} />
      </span>
      <p class="empty__title">{t.drop}</p>
      <FileChoice label={t.choose} onFile={onFile} primary />
      <p class="faint small">{t.limits}</p>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  primary?: boolean;
  onFile: TakeFile;
}

function FileChoice({ label, primary, onFile }: ChoiceProps) {
  const id = useId();
  return (
    <span class="import-choice">
      <FileInput id={id} accept=".csv,.txt,.tsv,.xlsx,text/csv" onFile={onFile} />
      <label for={id} class={`button button--${primary ? 'primary' : 'secondary'}`}>
        <span>{label}</span>
      </label>
    </span>
  );
}
