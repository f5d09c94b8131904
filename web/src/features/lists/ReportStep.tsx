// The third step of an import: what would be stored of the file, what would not and why, and who is there twice.
import { useState } from 'preact/hooks';
import { formatNumber, language } from '../../i18n';
import { errorText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Bar } from '../../ui/Bar';
import { Button } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { DownloadButton } from '../../ui/DownloadButton';
import { RadioList } from '../../ui/Field';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api, type ImportCounts, type Rule, type TargetListImport } from './api';
import { columnName } from './ColumnsStep';
import { faultTexts, importTexts } from './importTexts';
import { StepHead, type StepProps } from './Steps';

const RULES: readonly Rule[] = ['merge', 'keep', 'replace'];

interface ReportProps extends StepProps {
  /** Why it was not stored. */
  error: unknown;
  onConfirm: (rule: Rule) => Promise<void>;
  /** To the step before. */
  onColumns: () => void;
}

export function ReportStep({ list, import: value, error, onConfirm, onColumns }: ReportProps) {
  const t = importTexts();
  const [rule, setRule] = useState<Rule>(value.duplicates ?? 'merge');
  const action = useAction(onConfirm);
  const { counts } = value;
  if (!counts) return null;
  const nothing = counts.new === 0 && (counts.on_list === 0 || rule === 'keep');
  const failure = action.error ?? error;
  return (
    <>
      <StepHead title={t.report} text={t.reportText} />
      <Counts counts={counts} lines={value.lines} />
      {counts.good === 0 && <Banner tone="warn">{t.noGood}</Banner>}
      {counts.twice_in_file + counts.on_list > 0 && <Duplicates rule={rule} onChange={setRule} />}
      {counts.good > 0 && nothing && <Banner>{t.nothingNew}</Banner>}
      {counts.refused > 0 && <Refused list={list.id} import={value} counts={counts} />}
      {failure !== null && <Banner tone="bad">{errorText(failure)}</Banner>}
      <div class="import-actions">
        <Button onClick={onColumns}>{t.change}</Button>
        <Button look="primary" busy={action.busy} disabled={nothing} onClick={() => void action.run(rule)}>
          {confirmText(counts, rule)}
        </Button>
      </div>
    </>
  );
}

function confirmText(counts: ImportCounts, rule: Rule): string {
  const t = importTexts();
  const updated = rule === 'keep' ? 0 : counts.on_list;
  if (updated === 0) return t.add(counts.new);
  return counts.new === 0 ? t.update(updated) : t.addAndUpdate(counts.new, updated);
}

function Counts({ counts, lines }: { counts: ImportCounts; lines: number }) {
  const t = importTexts();
  const figure = (label: string, value: number, note?: string) => (
    <Figure label={label} value={formatNumber(value)} note={note} />
  );
  return (
    <Figures>
      {figure(t.good, counts.good, t.ofLines(lines))}
      {figure(t.refused, counts.refused, t.ofLines(lines))}
      {figure(t.added, counts.new)}
      {figure(t.twiceInFile, counts.twice_in_file)}
      {figure(t.onList, counts.on_list)}
    </Figures>
  );
}

function Duplicates({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const t = importTexts();
  return (
    <Card title={t.duplicates} text={t.duplicatesText}>
      <RadioList
        label={t.rule}
        value={rule}
        onChange={(chosen) => onChange(chosen as Rule)}
        options={RULES.map((value) => ({ value, label: t.rules[value] }))}
      />
    </Card>
  );
}

interface RefusedProps {
  list: string;
  import: TargetListImport;
  counts: ImportCounts;
}

function Refused({ list, import: value, counts }: RefusedProps) {
  const t = importTexts();
  const dialect = language.value === 'fr' ? 'excel-fr' : 'excel-en';
  const download = <DownloadButton href={api.reportPath(list, value.id, dialect)}>{t.download}</DownloadButton>;
  return (
    <Card title={t.refusedTitle} text={t.refusedText} actions={download} flush>
      <Reasons import={value} counts={counts} />
      <p class="import-count muted small">{t.firstRefused(value.refused.length)}</p>
      <Table
        caption={t.firstRefused(value.refused.length)}
        columns={refusedColumns(value)}
        rows={value.refused}
        rowKey={({ line }) => String(line)}
      />
    </Card>
  );
}

/** How many lines for what, the most first. */
function Reasons({ import: { faults, columns }, counts }: Pick<RefusedProps, 'import' | 'counts'>) {
  const t = importTexts();
  const names = faultTexts();
  const place = (n: number | null) => {
    const column = n === null ? undefined : columns[n - 1];
    return column && n !== null ? t.inColumn(columnName(column, n - 1)) : null;
  };
  return (
    <ul class="plain list-bars import-reasons">
      {faults.map(({ fault, column, lines }) => (
        <li key={`${fault} ${column}`} class="list-bars__row">
          <span>
            {names[fault]} {column !== null && <span class="faint">({place(column)})</span>}
          </span>
          <Bar class="list-bars__bar" share={lines / counts.refused} height={8} />
          <span class="number">{t.lines(lines)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Its number; where it is the title of a card, with the word. */
function Line({ n }: { n: number }) {
  return (
    <>
      <span class="import-line">{importTexts().line} </span>
      {formatNumber(n)}
    </>
  );
}

type RefusedLine = TargetListImport['refused'][number];

function refusedColumns({ columns }: TargetListImport): Column<RefusedLine>[] {
  const t = importTexts();
  const names = faultTexts();
  return [
    { key: 'line', label: t.line, head: true, cell: ({ line }) => <Line n={line} /> },
    {
      key: 'column',
      label: t.column,
      cell: ({ column }) => {
        const found = column === null ? undefined : columns[column - 1];
        return found && column !== null ? <Verbatim>{columnName(found, column - 1)}</Verbatim> : '–';
      },
    },
    {
      key: 'value',
      label: t.value,
      cell: ({ value }) => (value ? <Verbatim class="import-examples">{value}</Verbatim> : '–'),
    },
    { key: 'reason', label: t.reason, cell: ({ fault }) => names[fault] },
  ];
}
