// The figures behind a chart: as a table for whoever rather reads, and as files: the figures (CSV), the chart (SVG).
import { useId, useState } from 'preact/hooks';
import { defineTexts, formatNumber } from '../i18n';
import { Button } from './Button';
import { csv } from './csv';

const tableTexts = defineTexts(
  { asTable: 'Show as a table', figures: 'Download the figures:', chart: 'Download the chart:' },
  { asTable: 'Afficher en tableau', figures: 'Télécharger les chiffres :', chart: 'Télécharger le graphique :' },
);

export type Cell = string | number | null;

interface AsTableProps {
  /** Of the table and of its file. */
  name: string;
  columns: string[];
  /** The first cell names its row. */
  rows: Cell[][];
  /** The chart as a file (chartFile.ts). */
  chart?: () => string;
}

export function AsTable({ name, columns, rows, chart }: AsTableProps) {
  const t = tableTexts();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div class="as-table">
      <div class="row">
        <Button small look="quiet" expanded={open} controls={id} onClick={() => setOpen(!open)}>
          {t.asTable}
        </Button>
        <Button small look="quiet" icon="download" onClick={() => save(name, 'csv', `\uFEFF${csv([columns, ...rows])}`)}>
          <span class="visually-hidden">{t.figures} </span>CSV
        </Button>
        {chart && (
          <Button small look="quiet" icon="download" onClick={() => save(name, 'svg', chart())}>
            <span class="visually-hidden">{t.chart} </span>SVG
          </Button>
        )}
      </div>
      <div id={id} hidden={!open} role="region" aria-label={name} tabIndex={0}>
        <PlainTable name={name} columns={columns} rows={rows} />
      </div>
    </div>
  );
}

function PlainTable({ name, columns, rows }: AsTableProps) {
  return (
    <table class="as-table__table number">
      <caption class="visually-hidden">{name}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([head, ...cells]) => (
          <tr key={head}>
            <th scope="row">{head}</th>
            {cells.map((cell, index) => (
              <td key={columns[index + 1]}>{typeof cell === 'number' ? formatNumber(cell) : (cell ?? '–')}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const types = { csv: 'text/csv;charset=utf-8', svg: 'image/svg+xml' };

/** A file that the browser made, saved by it. */
export function save(name: string, ending: keyof typeof types, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: types[ending] }));
  link.download = `${name}.${ending}`.replace(/[/\\:*?"<>|]/g, ' ');
  link.click();
  URL.revokeObjectURL(link.href);
}
