// The people of a profile's target list: found, paged and taken as a file.
import { useEffect, useRef, useState } from 'preact/hooks';
import { codeLabel, formatNumber, language } from '../../i18n';
import { codes, ownWords } from '../../state/codes';
import { useLater } from '../../state/later';
import { type PagedList, useList } from '../../state/list';
import { useResource } from '../../state/resource';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { DownloadButton } from '../../ui/DownloadButton';
import { EmptyState } from '../../ui/EmptyState';
import { Input, Select } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api as listsApi } from '../lists/api';
import { api, type ListedCounts, type PeopleFilters, type PersonStanding, STANDINGS, type TargetPerson } from './api';
import { peopleTexts } from './peopleTexts';

/** As long as no more are shown, what changed is shown by itself: nobody loses their place. */
const FIRST_PAGE = 50;
const NOT_REACHED: PeopleFilters = { q: '', state: 'not_reached', region: '' };

interface PeopleProps {
  profile: string;
  list: ListedCounts;
}

export function People({ profile, list }: PeopleProps) {
  const t = peopleTexts();
  const [wanted, setWanted] = useState(NOT_REACHED);
  const q = useLater(wanted.q.trim());
  const filters = { ...wanted, q };
  const [found, setFound] = useState<number | null>(null);
  const people = useList(`target people ${profile} ${JSON.stringify(filters)}`, async (page) => {
    const answer = await api.people(profile, { ...page, ...filters });
    setFound(answer.found);
    return answer;
  });
  const old = useOld(people, list);
  return (
    <>
      <Card flush>
        <Filters value={wanted} onChange={setWanted} list={list} />
        <CountLine found={found} profile={profile} filters={filters} />
        <ListView list={people} empty={<Nobody filters={filters} list={list} />}>
          {(rows) => <Table caption={t.people} columns={columns()} rows={rows} rowKey={(row) => row.id} />}
        </ListView>
      </Card>
      {old && <Changed onReload={people.reload} />}
    </>
  );
}

/** In reach, however far down the list somebody is. */
function Changed({ onReload }: { onReload: () => Promise<void> }) {
  const t = peopleTexts();
  return (
    <div class="people-changed">
      <Banner
        action={
          <Button small icon="refresh" onClick={() => void onReload()}>
            {t.refresh}
          </Button>
        }
      >
        {t.changed}
      </Banner>
    </div>
  );
}

/** Whether what is shown is older than the counts. A first page is read again by itself. */
function useOld(people: PagedList<TargetPerson>, list: ListedCounts): boolean {
  const counts = JSON.stringify(list);
  const shown = useRef(counts);
  const [old, setOld] = useState(false);
  useEffect(() => {
    if (counts === shown.current) return;
    shown.current = counts;
    if ((people.items?.length ?? 0) <= FIRST_PAGE) void people.reload();
    else setOld(true);
  }, [counts]);
  const first = people.items?.[0];
  useEffect(() => setOld(false), [first]); // read again
  return old;
}

interface FiltersProps {
  value: PeopleFilters;
  onChange: (value: PeopleFilters) => void;
  list: ListedCounts;
}

function Filters({ value, onChange, list }: FiltersProps) {
  const t = peopleTexts();
  const parts = useResource(`target list regions ${list.id}`, () => listsApi.list(list.id));
  const regions = (parts.value?.region ?? []).flatMap(({ code }) => code ?? []);
  const set = (fields: Partial<PeopleFilters>) => onChange({ ...value, ...fields });
  return (
    <div class="list-filters people-filters" role="search">
      <Input
        label={t.search}
        hideLabel
        type="search"
        placeholder={t.search}
        maxLength={200}
        value={value.q}
        onInput={(q) => set({ q })}
      />
      <Select
        label={t.state}
        hideLabel
        placeholder={t.anyState}
        value={value.state}
        onChange={(state) => set({ state: state as PeopleFilters['state'] })}
        options={STANDINGS.map((state) => ({ value: state, label: t.states[state] }))}
      />
      <Select
        label={t.region}
        hideLabel
        placeholder={t.anyRegion}
        value={value.region}
        onChange={(region) => set({ region })}
        options={regions.map((code) => ({ value: code, label: codeLabel(codes.value?.region, code) }))}
      />
    </div>
  );
}

interface CountLineProps {
  found: number | null;
  profile: string;
  filters: PeopleFilters;
}

function CountLine({ found, profile, filters }: CountLineProps) {
  const t = peopleTexts();
  const dialect = language.value === 'fr' ? 'excel-fr' : 'excel-en';
  return (
    <div class="people-count">
      <p class="muted small number" role="status">
        {found !== null && (
          <>
            <strong>{formatNumber(found)}</strong> {t.found(found)}
          </>
        )}
      </p>
      {found !== null && found > 0 && (
        <DownloadButton href={api.peoplePath(profile, filters, dialect)}>{t.download}</DownloadButton>
      )}
    </div>
  );
}

function Nobody({ filters, list }: { filters: PeopleFilters; list: ListedCounts }) {
  const t = peopleTexts();
  if (list.people === 0)
    return (
      <EmptyState icon="people" title={t.nobody}>
        {t.nobodyText}
      </EmptyState>
    );
  if (filters.q !== '' || filters.region !== '')
    return (
      <EmptyState icon="search" title={t.noMatch}>
        {t.noMatchText}
      </EmptyState>
    );
  if (filters.state !== 'not_reached') return <EmptyState icon="people" title={t.nobodyInState} />;
  return list.cancelled > 0 ? (
    <EmptyState icon="check" title={t.noneLeftTitle}>
      {t.noneLeftText(list.cancelled)}
    </EmptyState>
  ) : (
    <EmptyState icon="check" title={t.allRegistered}>
      {t.allRegisteredText}
    </EmptyState>
  );
}

const nameOf = (row: TargetPerson): string =>
  `${row.last_name} ${row.first_name}`.trim() || row.email || row.rpps || peopleTexts().nameless;

function Person({ row }: { row: TargetPerson }) {
  const second = [row.email, row.rpps && `RPPS ${row.rpps}`].filter(Boolean).join(' · ');
  return (
    <div>
      <Verbatim>{nameOf(row)}</Verbatim>
      {second && <Verbatim class="table__second">{second}</Verbatim>}
    </div>
  );
}

const tones: Record<PersonStanding, BadgeTone> = {
  not_reached: 'warn',
  registered: 'good',
  waiting: 'warn',
  in_review: 'warn',
  declined: 'bad',
  attended: 'info',
  cancelled: 'bad',
};

function columns(): Column<TargetPerson>[] {
  const t = peopleTexts();
  const coded = (list: 'specialty' | 'region', code: string | null) =>
    code ? codeLabel(codes.value?.[list], code) : t.unsaid;
  return [
    { key: 'person', label: t.person, head: true, cell: (row) => <Person row={row} /> },
    { key: 'specialty', label: t.specialty, cell: (row) => coded('specialty', row.specialty) },
    { key: 'region', label: t.region, cell: (row) => coded('region', row.region) },
    {
      key: 'segment',
      label: t.segment,
      cell: (row) => ownWords(row) || t.unsaid,
    },
    {
      key: 'external',
      label: t.external,
      cell: (row) => (row.external_id ? <Verbatim>{row.external_id}</Verbatim> : t.unsaid),
    },
    { key: 'state', label: t.state, cell: (row) => <Badge tone={tones[row.state]}>{t.isIn[row.state]}</Badge> },
  ];
}
