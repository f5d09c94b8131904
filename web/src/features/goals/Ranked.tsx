// Counts of a breakdown as bars, the longest first, each with the rate of those who attended.
import { formatNumber, formatRate } from '../../i18n';
import { AsTable } from '../../ui/AsTable';
import { Bar } from '../../ui/Bar';
import { Card } from '../../ui/Card';
import { barsFile } from '../../ui/chartFile';
import type { Counts } from './api';
import { countCells } from './counts';
import { goalTexts } from './texts';

const SHOWN = 8;

interface RankedProps {
  title: string;
  /** What a row is, as the head of the table's first column. */
  what: string;
  rows: (Counts & { label: string })[];
  /** A session was held: who attended is known. */
  held: boolean;
  /** Said where there is no row. */
  none: string;
}

export function Ranked({ title, what, rows, held, none }: RankedProps) {
  const t = goalTexts();
  const most = Math.max(1, ...rows.map(({ registered }) => registered ?? 0));
  return (
    <Card title={title}>
      {rows.length === 0 && <p class="faint">{none}</p>}
      {rows.length > 0 && (
        <>
          <dl class="ranked">
            {rows.slice(0, SHOWN).map((row) => (
              <RankedRow key={row.label} row={row} most={most} held={held} />
            ))}
          </dl>
          {rows.length > SHOWN && <p class="small faint">{t.rest(rows.length - SHOWN)}</p>}
          <AsTable
            name={title}
            columns={[what, t.registered, t.attended, t.completed, ...(held ? [t.attendanceRate] : [])]}
            rows={rows.map((row) => [row.label, ...countCells(row), ...(held ? [attendance(row)] : [])])}
            chart={() => barsFile(title, rows.map(({ label, registered }) => ({ label, value: registered ?? 0, words: formatNumber(registered ?? 0) })))}
          />
        </>
      )}
    </Card>
  );
}

/** How many of a hundred who registered attended; null: nobody did, or it is masked. */
function attendance({ registered, attended }: Counts): string | null {
  return registered && attended !== null ? formatRate(attended / registered, 0) : null;
}

function RankedRow({ row, most, held }: { row: RankedProps['rows'][number]; most: number; held: boolean }) {
  const t = goalTexts();
  const registered = row.registered ?? 0;
  const rate = attendance(row);
  return (
    <div class="ranked__row">
      <dt>{row.label}</dt>
      <dd>
        <Bar class="ranked__bar" share={registered / most} height={10} />
        <span class="number">{formatNumber(registered)}</span>
        {held && rate !== null && <span class="ranked__rate small muted">{t.attendance(rate)}</span>}
      </dd>
    </div>
  );
}
