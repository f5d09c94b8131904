// The second step of an import: what the columns of the file mean.
import { useId, useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api, CODED, IDENTITY, type ImportColumn, OWN_WORDS, type PersonField, type TargetListImport } from './api';
import { faultTexts, fieldTexts, importTexts } from './importTexts';
import { StepHead, type StepProps } from './Steps';

const NAMING: readonly PersonField[] = ['rpps', 'email', 'last_name'];
const GROUPS = [
  ['identity', IDENTITY],
  ['coded', CODED],
  ['own', OWN_WORDS],
] as const;
const EXAMPLES = 3;

type Fields = (PersonField | null)[];

export const columnName = ({ name }: ImportColumn, n: number) => name || importTexts().nth(n + 1);

const isCoded = (field: PersonField | null) => (CODED as readonly (PersonField | null)[]).includes(field);

export function ColumnsStep({ list, import: value, onChange }: StepProps) {
  const t = importTexts();
  const before = value.duplicates !== null;
  const [fields, setFields] = useState<Fields>(value.columns.map((column) => (before ? column.field : column.proposed)));
  const action = useAction(async () => {
    onChange(await api.map(list.id, value.id, { fields, duplicates: value.duplicates ?? 'merge' }));
  });
  const twice = fields.some((field, n) => field && fields.indexOf(field) !== n);
  const nobody = !fields.some((field) => field && NAMING.includes(field));
  const change = (n: number, field: PersonField | null) => setFields(fields.map((old, at) => (at === n ? field : old)));
  return (
    <>
      <StepHead title={t.columns} text={t.columnsText} />
      <Found import={value} />
      {!value.has_header && <Banner silent>{t.noNamesText}</Banner>}
      <Card flush>
        <Mapping import={value} fields={fields} onChange={change} />
      </Card>
      <Preview import={value} />
      {nobody && <Banner tone="warn">{t.nobody}</Banner>}
      {action.error !== null && <Banner tone="bad">{action.text()}</Banner>}
      <div class="import-actions">
        <Button look="primary" busy={action.busy} disabled={twice || nobody} onClick={() => void action.run()}>
          {t.check}
        </Button>
      </div>
    </>
  );
}

/** What was found out about the file. */
function Found({ import: value }: { import: TargetListImport }) {
  const t = importTexts();
  const text = !/\.xlsx$/i.test(value.file_name);
  const facts: [string, string][] = [
    [t.found.lines, formatNumber(value.lines)],
    ...(text
      ? ([
          [t.found.encoding, t.encoding[value.encoding]],
          [t.found.delimiter, t.delimiter[value.delimiter]],
        ] satisfies [string, string][])
      : []),
    [t.found.header, value.has_header ? t.names : t.noNames],
  ];
  return (
    <dl class="import-facts">
      {facts.map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

interface MappingProps {
  import: TargetListImport;
  fields: Fields;
  onChange: (column: number, field: PersonField | null) => void;
}

interface Row {
  column: ImportColumn;
  n: number;
  examples: string[];
  /** How many lines were refused for it, when they were checked. */
  refused: number;
}

function rowsOf({ columns, preview, faults }: TargetListImport): Row[] {
  return columns.map((column, n) => {
    const values = preview.map(({ cells }) => cells[n]?.trim() ?? '').filter(Boolean);
    const refused = faults.filter((fault) => fault.column === n + 1).reduce((sum, { lines }) => sum + lines, 0);
    return { column, n, examples: [...new Set(values)].slice(0, EXAMPLES), refused };
  });
}

function Mapping({ import: value, fields, onChange }: MappingProps) {
  const t = importTexts();
  const columns: Column<Row>[] = [
    { key: 'column', label: t.column, head: true, cell: (row) => <Name row={row} /> },
    {
      key: 'examples',
      label: t.examples,
      cell: ({ examples }) =>
        examples.length ? (
          <Verbatim class="import-examples">{examples.join(' · ')}</Verbatim>
        ) : (
          <span class="faint">{t.noExample}</span>
        ),
    },
    {
      key: 'meaning',
      label: t.meaning,
      cell: ({ column, n }) => (
        <Meaning
          label={t.meaningOf(columnName(column, n))}
          value={fields[n] ?? null}
          twice={fields[n] !== null && fields.indexOf(fields[n] ?? null) !== n}
          onChange={(field) => onChange(n, field)}
        />
      ),
    },
  ];
  return <Table caption={t.columns} columns={columns} rows={rowsOf(value)} rowKey={({ n }) => String(n)} />;
}

function Name({ row: { column, n, refused } }: { row: Row }) {
  const t = importTexts();
  return (
    <div>
      <Verbatim>{columnName(column, n)}</Verbatim>
      {column.repeated && <span class="table__second">{t.repeated}</span>}
      {refused > 0 && <span class="table__second import-refused">{t.refusedHere(refused)}</span>}
    </div>
  );
}

interface MeaningProps {
  label: string;
  value: PersonField | null;
  twice: boolean;
  onChange: (field: PersonField | null) => void;
}

function Meaning({ label, value, twice, onChange }: MeaningProps) {
  const t = importTexts();
  const names = fieldTexts();
  const hint = isCoded(value) ? t.codesHint : undefined;
  return (
    <div class="import-meaning">
      <Field label={label} hideLabel hint={hint} error={twice ? t.twice : null}>
        {({ id, describedBy, invalid }) => (
          <span class="control control--select">
            <select
              id={id}
              class="input"
              value={value ?? ''}
              aria-describedby={describedBy}
              aria-invalid={invalid || undefined}
              onChange={(event) => onChange((event.currentTarget.value || null) as PersonField | null)}
            >
              <option value="">{t.leftOut}</option>
              {GROUPS.map(([group, fields]) => (
                <optgroup key={group} label={t.groups[group]}>
                  {fields.map((field) => (
                    <option key={field} value={field}>
                      {names[field]}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
            <Icon name="chevronDown" size={18} />
          </span>
        )}
      </Field>
    </div>
  );
}

/** The first lines as they are in the file. */
function Preview({ import: { columns, preview } }: { import: TargetListImport }) {
  const t = importTexts();
  const id = useId();
  const faults = faultTexts();
  return (
    <details class="card import-preview">
      <summary id={id}>{t.preview(preview.length)}</summary>
      <div class="import-preview__frame" role="region" aria-labelledby={id} tabIndex={0}>
        <table class="import-preview__table" translate={false}>
          <thead>
            <tr>
              <th scope="col">{t.line}</th>
              {columns.map((column, n) => (
                <th key={n} scope="col">
                  {columnName(column, n)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map(({ line, cells, fault }) => (
              <tr key={line}>
                <th scope="row">{formatNumber(line)}</th>
                {fault ? (
                  <td colSpan={columns.length} class="import-refused">
                    {faults[fault]}
                  </td>
                ) : (
                  columns.map((_, n) => <td key={n}>{cells[n]}</td>)
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
