// The figures behind a chart: as a table for whoever rather reads, and as a file.
import { useId, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { Button } from '../../ui/Button';
import type { Counts } from './api';
import { csv } from './csv';
import { goalTexts } from './texts';

export type Cell = string | number | null;

/** How many registered, attended and completed, with a word for what is masked. */
export const countCells = ({ registered, attended, completed }: Counts): Cell[] =>
  [registered, attended, completed].map((count) => count ?? goalTexts().masked);

interface AsTableProps {
  /** Of the table and of its file. */
  name: string;
  columns: string[];
  /** The first cell names its row. */
  rows: Cell[][];
}

export function AsTable({ name, columns, rows }: AsTableProps) {
  const t = goalTexts();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div class="as-table">
      <div class="row">
        <Button small look="quiet" expanded={open} controls={id} onClick={() => setOpen(!open)}>
          {t.asTable}
        </Button>
        <Button small look="quiet" icon="download" onClick={() => save(`${name}.csv`, csv([columns, ...rows]))}>
          {t.download}
        </Button>
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

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  link.download = name.replace(/[/\\:*?"<>|]/g, ' ');
  link.click();
  URL.revokeObjectURL(link.href);
}
