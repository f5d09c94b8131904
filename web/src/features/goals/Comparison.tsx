// The congress beside the organisation's earlier ones: rates as dots on one line each, so that their distance is what is read.
import { formatDate, formatRate } from '../../i18n';
import { useResource } from '../../state/resource';
import { AsTable } from '../../ui/AsTable';
import { Card } from '../../ui/Card';
import { dotsFile } from '../../ui/chartFile';
import { ResourceView } from '../../ui/ResourceView';
import { api, type Board, type EarlierCongress } from './api';
import { comparisonTexts } from './comparisonTexts';
import { goalTexts } from './texts';

interface Row {
  id: string;
  label: string;
  began: string | null;
  registered: number;
  attended: number;
  completed: number;
  /** Attended of registered, completed of attended; null: of nobody, or not known yet. */
  shares: [number | null, number | null];
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
const percent = (value: number) => formatRate(value, 0);
const dash = (value: number | null) => (value === null ? '–' : percent(value));

function rowOf(id: string, label: string, began: string | null, counts: Pick<EarlierCongress, 'registered' | 'attended' | 'completed'>): Row {
  const { registered, attended, completed } = counts;
  return { id, label, began, registered, attended, completed, shares: [share(attended, registered), share(completed, attended)] };
}

function rowsOf(board: Board, congress: string, earlier: readonly EarlierCongress[]): Row[] {
  const { registered, attended, completed } = board.all;
  const own = rowOf(congress, comparisonTexts().this, null, { registered: registered ?? 0, attended: attended ?? 0, completed: completed ?? 0 });
  if (board.sessions_held === 0) own.shares = [null, null];
  const others = earlier.map((e) => rowOf(e.id, e.title, formatDate(e.began, e.time_zone, { month: 'short', year: 'numeric' }), e));
  return [own, ...others];
}

export function Comparison({ board, congress }: { board: Board; congress: string }) {
  const t = comparisonTexts();
  const found = useResource(`earlier ${congress}`, () => api.earlier(congress));
  if (found.value?.length === 0) return null;
  return (
    <Card title={t.title} text={t.text}>
      <ResourceView of={found} lines={3}>
        {(earlier) => <Dots rows={rowsOf(board, congress, earlier)} />}
      </ResourceView>
    </Card>
  );
}

function Dots({ rows }: { rows: Row[] }) {
  const t = comparisonTexts();
  const g = goalTexts();
  const series = [t.attendance, t.completion];
  return (
    <>
      <p class="dots__legend small muted" aria-hidden="true">
        {series.map((name, index) => (
          <span key={name}>
            <svg viewBox="-8 -8 16 16">
              <Mark series={index} />
            </svg>
            {name}
          </span>
        ))}
      </p>
      <dl class="dots">
        {rows.map((row) => (
          <DotRow key={row.id} row={row} />
        ))}
      </dl>
      <AsTable
        name={t.title}
        columns={[t.congress, t.began, g.registered, g.attended, g.completed, ...series]}
        rows={rows.map((r) => [r.label, r.began, r.registered, r.attended, r.completed, ...r.shares.map(dash)])}
        chart={() => dotsFile(t.title, series, rows, percent)}
      />
    </>
  );
}

function DotRow({ row }: { row: Row }) {
  const t = comparisonTexts();
  const [attended, completed] = row.shares;
  return (
    <div class="dots__row">
      <dt>
        {row.label}
        <span class="dots__about small faint">{[row.began, t.people(row.registered)].filter(Boolean).join(' · ')}</span>
      </dt>
      <dd class="dots__draw" aria-hidden="true">
        <span class="dots__line" />
        {row.shares.map((value, index) => value !== null && <Dot key={index} series={index} share={value} />)}
      </dd>
      <dd class="dots__words small muted">{attended === null ? t.notYet : t.shares(percent(attended), dash(completed))}</dd>
    </div>
  );
}

/** In its place of the line: an SVG of its own keeps its shape at every width. */
function Dot({ series, share: at }: { series: number; share: number }) {
  return (
    <svg class="dots__dot" viewBox="-8 -8 16 16" style={{ left: `${at * 100}%` }}>
      <Mark series={series} />
    </svg>
  );
}

const Mark = ({ series }: { series: number }) =>
  series === 0 ? <circle class="dots__first" r="6" /> : <path class="dots__second" d="M0 -7l7 7-7 7-7-7z" />;
