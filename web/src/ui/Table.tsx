// A table that becomes a list of cards on narrow screens: the same markup, each cell carrying its
// column's name for the card view.
import type { ComponentChildren } from 'preact';

export interface Column<T> {
  key: string;
  label: string;
  cell: (row: T) => ComponentChildren;
  /** The column holds figures and is aligned to the end. */
  number?: boolean;
  /** The cell names its row: it is a header cell, and the title of the row's card. */
  head?: boolean;
  /** The column's name is for screen readers only (actions). */
  hideLabel?: boolean;
}

interface TableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
}

export function Table<T>({ caption, columns, rows, rowKey }: TableProps<T>) {
  return (
    <div class="table-frame">
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={column.number ? 'table__number' : undefined}>
                <span class={column.hideLabel ? 'visually-hidden' : undefined}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const kind = column.number ? 'table__number' : column.hideLabel ? 'table__actions' : '';
  if (column.head)
    return (
      <th scope="row" class="table__head">
        {column.cell(row)}
      </th>
    );
  return (
    <td class={kind} data-label={column.hideLabel ? undefined : column.label}>
      {column.cell(row)}
    </td>
  );
}
