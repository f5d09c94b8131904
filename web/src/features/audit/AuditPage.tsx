import { formatDate } from '../../i18n';
import { api } from '../../net/api';
import type { AuditEntry } from '../../net/types';
import { useList } from '../../state/list';
import { hasRole } from '../../state/me';
import { useResource } from '../../state/resource';
import { AppShell } from '../../ui/AppShell';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ListView } from '../../ui/ListView';
import { type Column, Table } from '../../ui/Table';
import { auditTexts } from './texts';

export default function AuditPage() {
  const t = auditTexts();
  const list = useList('audit', (page) => api.audit(page));
  const names = useResource('audit names', async () => {
    if (!hasRole('organiser')) return new Map<string, string>();
    const people = await api.staff({ limit: 200 });
    return new Map(people.items.map((person) => [person.id, person.name]));
  });
  return (
    <AppShell title={t.title} subtitle={t.lead(Intl.DateTimeFormat().resolvedOptions().timeZone)}>
      <Card flush>
        <ListView list={list} empty={<EmptyState icon="scroll" title={t.empty} />}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(names.value ?? new Map())}
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

/** What the log calls a thing, in words; a code without words stands for itself. */
const word = (words: Record<string, string>, code: string): string => words[code] ?? code;

const SHORT = 90;

/** Long details fold away, so that a line stays a line. */
function Details({ text }: { text: string }) {
  if (text.length <= SHORT) return <span class="muted small audit__details">{text || '–'}</span>;
  return (
    <details class="audit__details muted small">
      <summary>{auditTexts().show}</summary>
      <p>{text}</p>
    </details>
  );
}

function columns(names: Map<string, string>): Column<AuditEntry>[] {
  const t = auditTexts();
  return [
    {
      key: 'when',
      label: t.when,
      cell: (row) => (
        <time class="number nowrap" dateTime={row.at}>
          {formatDate(row.at, null, { dateStyle: 'medium', timeStyle: 'medium' })}
        </time>
      ),
    },
    { key: 'who', label: t.who, cell: (row) => who(row, names) },
    {
      key: 'what',
      label: t.what,
      head: true,
      cell: (row) => (
        <>
          {word(t.action, row.action)}
          <span class="table__second">{row.action}</span>
        </>
      ),
    },
    {
      key: 'object',
      label: t.object,
      cell: (row) => (
        <span class="muted">
          {word(t.kind, row.object_kind)}{' '}
          {row.object_id && <code class="code code--quiet">{short(row.object_id)}</code>}
        </span>
      ),
    },
    {
      key: 'details',
      label: t.details,
      cell: (row) => <Details text={detailText(row.details)} />,
    },
  ];
}
