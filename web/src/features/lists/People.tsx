// The people of a target list, searched and paged.
import { useState } from 'preact/hooks';
import { codeLabel } from '../../i18n';
import { codes, ownWords } from '../../state/codes';
import { useLater } from '../../state/later';
import { useList } from '../../state/list';
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Input, Select } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { Menu } from '../../ui/Menu';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api, type ListedPerson, type PeopleFilters } from './api';
import { listTexts } from './texts';

interface PeopleProps {
  list: string;
  /** There is one less. */
  onChange: () => Promise<void>;
}

export function People({ list, onChange }: PeopleProps) {
  const t = listTexts();
  const [wanted, setWanted] = useState<PeopleFilters>({ q: '', known: '' });
  const q = useLater(wanted.q.trim());
  const [found, setFound] = useState<number | null>(null);
  const [removing, setRemoving] = useState<ListedPerson | null>(null);
  const people = useList(`people ${list} ${q} ${wanted.known}`, async (page) => {
    const answer = await api.people(list, { ...page, q, known: wanted.known });
    setFound(answer.found);
    return answer;
  });
  const filtered = q !== '' || wanted.known !== '';
  return (
    <Card flush>
      <Filters value={wanted} onChange={setWanted} />
      {found !== null && found > 0 && <p class="list-count muted small">{t.found(found)}</p>}
      <ListView list={people} empty={<EmptyState icon="people" title={filtered ? t.noMatch : t.noPeople} />}>
        {(rows) => (
          <Table caption={t.people} columns={columns(setRemoving)} rows={rows} rowKey={(row) => row.id} />
        )}
      </ListView>
      {removing && (
        <ConfirmDialog
          title={t.removePerson}
          text={t.removePersonText(nameOf(removing))}
          action={t.removePerson}
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await api.removePerson(list, removing.id);
            await Promise.all([people.reload(), onChange()]);
          }}
        />
      )}
    </Card>
  );
}

interface FiltersProps {
  value: PeopleFilters;
  onChange: (value: PeopleFilters) => void;
}

function Filters({ value, onChange }: FiltersProps) {
  const t = listTexts();
  return (
    <div class="list-filters" role="search">
      <Input
        label={t.search}
        hideLabel
        type="search"
        placeholder={t.search}
        value={value.q}
        onInput={(q) => onChange({ ...value, q })}
      />
      <Select
        label={t.state}
        hideLabel
        placeholder={t.anybody}
        value={value.known}
        onChange={(known) => onChange({ ...value, known: known as PeopleFilters['known'] })}
        options={[
          { value: 'true', label: t.onlyKnown },
          { value: 'false', label: t.onlyUnknown },
        ]}
      />
    </div>
  );
}

const nameOf = (row: ListedPerson): string =>
  `${row.first_name} ${row.last_name}`.trim() || row.email || row.rpps || listTexts().nameless;

function Person({ row }: { row: ListedPerson }) {
  const second = [row.email, row.rpps && `RPPS ${row.rpps}`].filter(Boolean).join(' · ');
  return (
    <div>
      <Verbatim>{nameOf(row)}</Verbatim>
      {second && (
        <span class="table__second" translate={false}>
          {second}
        </span>
      )}
    </div>
  );
}

function columns(onRemove: (row: ListedPerson) => void): Column<ListedPerson>[] {
  const t = listTexts();
  const coded = (list: 'specialty' | 'region', code: string | null) =>
    code ? codeLabel(codes.value?.[list], code) : '–';
  return [
    { key: 'person', label: t.person, head: true, cell: (row) => <Person row={row} /> },
    { key: 'specialty', label: t.specialty, cell: (row) => coded('specialty', row.specialty) },
    { key: 'region', label: t.region, cell: (row) => coded('region', row.region) },
    {
      key: 'segment',
      label: t.segment,
      cell: (row) => ownWords(row) || '–',
    },
    { key: 'external', label: t.external, cell: (row) => row.external_id ?? '–' },
    {
      key: 'known',
      label: t.state,
      cell: (row) => (row.known ? <Badge tone="good">{t.isKnown}</Badge> : '–'),
    },
    {
      key: 'actions',
      label: t.removePerson,
      hideLabel: true,
      cell: (row) => (
        <Menu
          label={nameOf(row)}
          items={[{ label: t.removePerson, icon: 'trash', danger: true, onClick: () => onRemove(row) }]}
        />
      ),
    },
  ];
}
