// Brings a file to the server: of a workbook the lines of its first sheet, of anything else the file as it is.
import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { useUnsaved } from '../../state/unsaved';
import { api, type ListDescription } from './api';

export type Progress = { step: 'reading' | 'uploading' | 'taking'; share: number };

const WORKBOOK = /\.xlsx$/i;

async function linesOf(file: File, signal: AbortSignal): Promise<Blob> {
  if (!WORKBOOK.test(file.name)) return file;
  const { readWorkbook } = await import('./spreadsheet');
  return readWorkbook(file, signal);
}

/** Into `list`; with a description into a new one, which goes again when the file does not come through. */
async function send(file: File, into: string | ListDescription, show: (at: Progress) => void, signal: AbortSignal) {
  show({ step: 'reading', share: 0 });
  const lines = await linesOf(file, signal);
  const made = typeof into === 'string' ? null : await api.create(into);
  const list = made?.id ?? (into as string);
  const progress = (share: number) => show({ step: share < 1 ? 'uploading' : 'taking', share });
  progress(0);
  try {
    const { id } = await api.upload(list, file.name, lines, progress, signal);
    return `/target-lists/${list}/imports/${id}`;
  } catch (failure) {
    if (made) await api.remove(made.id).catch(() => undefined); // what the person is told is the failure
    throw failure;
  }
}

export function useFile() {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useUnsaved(progress !== null);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (file: File, into: string | ListDescription) => {
    if (stop.current) return;
    const own = new AbortController();
    stop.current = own;
    setError(null);
    let to: string | null = null;
    try {
      to = await send(file, into, setProgress, own.signal);
    } catch (failure) {
      if (!own.signal.aborted) setError(failure);
    }
    stop.current = null;
    setProgress(null);
    if (to && !own.signal.aborted) navigate(to);
  };
  return { progress, error, start, cancel: () => stop.current?.abort(), forget: () => setError(null) };
}
