// A workbook's first sheet as CSV. It never reaches the server itself.
import { ApiError } from '../../net/api';

declare const SHEET_WORKER: string;

const LONGEST_MS = 120_000;

export function readWorkbook(file: File, signal: AbortSignal): Promise<Blob> {
  const worker = new Worker(SHEET_WORKER);
  const fault = (code: string) => new ApiError(0, code);
  const answer = new Promise<Blob>((resolve, reject) => {
    const timer = setTimeout(() => reject(fault('sheet.too_large')), LONGEST_MS);
    worker.onmessage = ({ data }: MessageEvent<{ lines: Blob } | { code: string }>) => {
      clearTimeout(timer);
      if ('lines' in data) resolve(data.lines);
      else reject(fault(data.code));
    };
    worker.onerror = () => reject(fault('sheet.too_large')); // it ran out of memory
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    worker.postMessage(file);
  });
  return answer.finally(() => worker.terminate());
}
