// The organisation's target lists.
import { formatDate, formatNumber } from '../../i18n';
import { useList } from '../../state/list';
import { AppShell } from '../../ui/AppShell';
import { LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ListView } from '../../ui/ListView';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api, type TargetList } from './api';
import { day } from './dates';
import { importTexts } from './importTexts';
import { listTexts } from './texts';
import { Waiting } from './Waiting';

export function ListsPage() {
  const t = listTexts();
  const { title } = listTexts();
  const list = useList('target lists', () => api.lists());
  const begin = (
    <LinkButton look="primary" icon="upload" href="/target-lists/new">
      {importTexts().newTitle}
    </LinkButton>
  );
  const codes = <LinkButton href="/codes">{t.codes}</LinkButton>;
  const none = list.items?.length === 0;
  return (
    <AppShell title={title} subtitle={t.lead} actions={none ? codes : <>{codes}{begin}</>}>
      <Waiting lists={list.items ?? []} named />
      <Card flush>
        <ListView
          list={list}
          empty={
            <EmptyState icon="list" title={t.empty} action={begin}>
              {t.emptyText}
            </EmptyState>
          }
        >
          {(rows) => <Table caption={title} columns={columns()} rows={rows} rowKey={(row) => row.id} />}
        </ListView>
      </Card>
    </AppShell>
  );
}

function Name({ list }: { list: TargetList }) {
  return (
    <div>
      <a href={`/target-lists/${list.id}`}>
        <Verbatim>{list.name}</Verbatim>
      </a>
      {list.source && (
        <span class="table__second" translate={false}>
          {list.source}
        </span>
      )}
    </div>
  );
}

function columns(): Column<TargetList>[] {
  const t = listTexts();
  return [
    { key: 'name', label: t.name, head: true, cell: (row) => <Name list={row} /> },
    { key: 'as_of', label: t.asOf, cell: (row) => (row.as_of ? day(row.as_of) : '–') },
    { key: 'people', label: t.people, number: true, cell: (row) => formatNumber(row.people) },
    { key: 'known', label: t.known, number: true, cell: (row) => formatNumber(row.known) },
    { key: 'made_by', label: t.madeBy, cell: (row) => row.made_by ?? '–' },
    {
      key: 'changed',
      label: t.changed,
      cell: (row) => formatDate(row.changed_at, null, { dateStyle: 'medium' }),
    },
  ];
}
