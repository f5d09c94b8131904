// Reads the first sheet of a workbook, on a thread of its own: whatever a stranger's file does to it, it does there,
// and spreadsheet.ts ends it. Says {lines} or {code}.
import { unzipSync } from 'fflate';
import { readSheet } from 'read-excel-file/universal';
import { csvLine } from './sheetCsv';

const LINES = 200_001; // with that of the names
const COLUMNS = 100;
const UNPACKED_BYTES = 512 * 1024 * 1024; // a workbook of that many lines has some 200 MB

/** What the archive says its files come to; nothing is unpacked beyond it. */
function unpackedBytes(archive: Uint8Array): number {
  let sum = 0;
  unzipSync(archive, {
    filter: ({ originalSize }) => {
      sum += originalSize;
      return false;
    },
  });
  return sum;
}

async function read(file: File): Promise<{ lines: Blob } | { code: string }> {
  const archive = await file.arrayBuffer();
  if (unpackedBytes(new Uint8Array(archive)) > UNPACKED_BYTES) return { code: 'sheet.too_large' };
  const rows: readonly (readonly unknown[])[] = await readSheet(archive, { parseNumber: Number });
  if (rows.length === 0) return { code: 'sheet.empty' };
  if (rows.length > LINES) return { code: 'file.too_many_lines' };
  if ((rows[0]?.length ?? 0) > COLUMNS) return { code: 'file.header' };
  return { lines: new Blob(rows.map(csvLine), { type: 'text/csv' }) };
}

addEventListener('message', ({ data }: MessageEvent<File>) => {
  read(data).then(postMessage, () => postMessage({ code: 'sheet.invalid' }));
});
