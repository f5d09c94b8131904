// Who did what, and when.
import { useContext, useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ListView } from '../../ui/ListView';
import { type Column, Table } from '../../ui/Table';
import { api as accountsApi } from '../accounts/api';
import { type AuditWords, type Feature, Features } from '../feature';
import { api, type AuditEntry } from './api';
import { auditTexts } from './texts';

type Words = () => AuditWords;

async function loadWords(features: readonly Feature[]): Promise<Words[]> {
  const loaded = features.flatMap((feature) => feature.audit?.() ?? []);
  return (await Promise.all(loaded)).map((module) => module.default);
}

/** The names of the organisation's staff by their ids. Only organisers may ask for them. */
async function staffNames(): Promise<Map<string, string>> {
  if (!hasRole('organiser')) return new Map();
  const people = await accountsApi.staff({ limit: 200 });
  return new Map(people.items.map((person) => [person.id, person.name]));
}

export default function AuditPage() {
  const t = auditTexts();
  const features = useContext(Features);
  const [words, setWords] = useState<Words[]>([]);
  const list = useList('audit', async (page) => {
    const [found, loaded] = await Promise.all([api.audit(page), loadWords(features)]);
    setWords(loaded);
    return found;
  });
  const names = useResource('audit names', staffNames);
  return (
    <AppShell title={t.title} subtitle={t.lead(Intl.DateTimeFormat().resolvedOptions().timeZone)}>
      <Card flush>
        <ListView list={list} empty={<EmptyState icon="scroll" title={t.empty} />}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(names.value ?? new Map(), words)}
              rows={rows}
              rowKey={(row) => String(row.id)}
            />
          )}
        </ListView>
      </Card>
    </AppShell>
  );
}

const short = (id: string) => id.slice(0, 8);

function who(row: AuditEntry, names: Map<string, string>): string {
  const kind = auditTexts().actor[row.actor_kind];
  if (!row.actor_id) return kind;
  return row.actor_name ?? names.get(row.actor_id) ?? `${kind} ${short(row.actor_id)}`;
}

function detailText(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** The words for a code of the log; the code itself where no feature declares any. */
function word(words: Words[], list: keyof AuditWords, code: string): string {
  const known = words.find((texts) => Object.hasOwn(texts()[list], code));
  return known?.()[list][code] ?? code;
}

const SHORT = 90;

/** Long details are folded, so that each entry fits on a line. */
function Details({ text }: { text: string }) {
  if (text.length <= SHORT) return <span class="muted small audit__details">{text || '–'}</span>;
  return (
    <details class="audit__details muted small">
      <summary>{auditTexts().show}</summary>
      <p>{text}</p>
    </details>
  );
}

function Time({ at }: { at: string }) {
  return (
    <time class="number nowrap" dateTime={at}>
      {formatDate(at, null, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  );
}

function columns(names: Map<string, string>, words: Words[]): Column<AuditEntry>[] {
  const t = auditTexts();
  const what = (row: AuditEntry) => (
    <>
      {word(words, 'action', row.action)}
      <span class="table__second">{row.action}</span>
    </>
  );
  const object = (row: AuditEntry) => (
    <span class="muted">
      {word(words, 'kind', row.object_kind)}{' '}
      {row.object_id && <code class="code code--quiet">{short(row.object_id)}</code>}
    </span>
  );
  const details = (row: AuditEntry) => <Details text={detailText(row.details)} />;
  return [
    { key: 'when', label: t.when, cell: (row) => <Time at={row.at} /> },
    { key: 'who', label: t.who, cell: (row) => who(row, names) },
    { key: 'what', label: t.what, head: true, cell: what },
    { key: 'object', label: t.object, cell: object },
    { key: 'details', label: t.details, cell: details },
  ];
}
