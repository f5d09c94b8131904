// What a congress sends next by itself.
import { formatDateTime, formatNumber } from '../../i18n';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { type Column, Table } from '../../ui/Table';
import type { Planned as Plan } from './api';
import { mailsTexts } from './texts';

export function Planned({ planned, zone }: { planned: readonly Plan[]; zone: string }) {
  const t = mailsTexts();
  if (planned.length === 0)
    return (
      <Card title={t.planned}>
        <EmptyState icon="clock" title={t.nothing}>
          {t.nothingText}
        </EmptyState>
      </Card>
    );
  const columns: Column<Plan>[] = [
    { key: 'what', label: t.what, head: true, cell: ({ kind }) => t.plans[kind] },
    { key: 'about', label: t.about, cell: ({ sessions }) => about(sessions) },
    { key: 'due', label: t.due, cell: ({ due_at }) => <span class="number">{formatDateTime(due_at, zone)}</span> },
    { key: 'people', label: t.people, number: true, cell: ({ people }) => formatNumber(people) },
  ];
  return (
    <Card title={t.planned} text={t.plannedHint} flush>
      <Table
        caption={t.planned}
        columns={columns}
        rows={planned}
        rowKey={({ kind, due_at, sessions }) => `${kind} ${due_at} ${sessions[0] ?? ''}`}
      />
    </Card>
  );
}

/** The first two sessions by name. */
function about(sessions: readonly string[]): string {
  const [first, second, ...more] = sessions;
  if (first === undefined) return mailsTexts().whole;
  if (second === undefined) return first;
  return more.length > 0 ? `${first}, ${second} (+ ${formatNumber(more.length)})` : `${first}, ${second}`;
}
