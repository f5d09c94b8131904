// The invited of a congress: how many are in each state, and each of them by name.
import { useState } from 'preact/hooks';
import { formatDate, formatNumber } from '../../i18n';
import { useLater } from '../../state/later';
import { type PagedList, useList } from '../../state/list';
import { Badge, type BadgeTone } from '../../ui/Badge';
import { Card, Figure, Figures } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Input, Select } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { Menu } from '../../ui/Menu';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { api, type Invited, type InvitedCounts, type InvitedFilters, type InvitedState, type Round, STATES } from './api';
import { invitationTexts } from './texts';

const ANYBODY: InvitedFilters = { q: '', state: '', round: '' };

export function People({ congress, rounds }: { congress: string; rounds: Round[] }) {
  const t = invitationTexts();
  const [wanted, setWanted] = useState(ANYBODY);
  const [counts, setCounts] = useState<InvitedCounts | null>(null);
  const [forgetting, setForgetting] = useState<Invited | null>(null);
  const q = useLater(wanted.q.trim());
  const filters = { ...wanted, q };
  const people = useList(`invited ${congress} ${JSON.stringify(filters)}`, async (page) => {
    const answer = await api.invited(congress, { ...page, ...filters });
    setCounts(answer.counts);
    return answer;
  });
  return (
    <>
      {counts && <Counts counts={counts} />}
      <Card title={t.people} flush>
        <Filters value={wanted} onChange={setWanted} rounds={rounds} />
        <ListView list={people} empty={<EmptyState icon="people" title={q ? t.noMatch : t.nobody} />}>
          {(rows) => <Table caption={t.people} columns={columns(setForgetting)} rows={rows} rowKey={(row) => row.id} />}
        </ListView>
      </Card>
      {forgetting && <ForgetDialog congress={congress} person={forgetting} people={people} onClose={() => setForgetting(null)} />}
    </>
  );
}

function Counts({ counts }: { counts: InvitedCounts }) {
  const t = invitationTexts();
  return (
    <Figures>
      {STATES.filter((state) => (state !== 'queued' && state !== 'bounced') || counts[state] > 0).map((state) => (
        <Figure key={state} label={t.states[state]} value={formatNumber(counts[state])} note={t.notes[state]} />
      ))}
    </Figures>
  );
}

interface FiltersProps {
  value: InvitedFilters;
  onChange: (value: InvitedFilters) => void;
  rounds: Round[];
}

function Filters({ value, onChange, rounds }: FiltersProps) {
  const t = invitationTexts();
  const set = (fields: Partial<InvitedFilters>) => onChange({ ...value, ...fields });
  const date = (round: Round) => formatDate(round.started_at ?? round.created_at, null, { dateStyle: 'medium' });
  const begun = rounds.filter(({ state }) => state !== 'draft');
  return (
    <div class="list-filters invited-filters" role="search">
      <Input label={t.search} hideLabel type="search" placeholder={t.search} maxLength={200} value={value.q} onInput={(q) => set({ q })} />
      <Select
        label={t.stateLabel}
        hideLabel
        placeholder={t.anyState}
        value={value.state}
        onChange={(state) => set({ state: state as InvitedFilters['state'] })}
        options={STATES.map((state) => ({ value: state, label: t.states[state] }))}
      />
      {begun.length > 1 && (
        <Select
          label={t.round}
          hideLabel
          placeholder={t.allRounds}
          value={value.round}
          onChange={(round) => set({ round })}
          options={begun.map((round) => ({ value: round.id, label: `${round.target_list.name} · ${date(round)}` }))}
        />
      )}
    </div>
  );
}

const nameOf = (row: Invited): string =>
  `${row.last_name} ${row.first_name}`.trim() || row.email || row.external_id || invitationTexts().erased;

const tones: Record<InvitedState, BadgeTone> = {
  queued: 'neutral',
  invited: 'neutral',
  opened: 'accent',
  registered: 'good',
  waiting: 'warn',
  declined: 'bad',
  opted_out: 'bad',
  bounced: 'bad',
};

function columns(onForget: (person: Invited) => void): Column<Invited>[] {
  const t = invitationTexts();
  const erased = (row: Invited) => row.last_name === '' && row.first_name === '' && !row.email && !row.external_id;
  return [
    {
      key: 'person',
      label: t.person,
      head: true,
      cell: (row) => (
        <div>
          <Verbatim>{nameOf(row)}</Verbatim>
          {row.email && <Verbatim class="table__second">{row.email}</Verbatim>}
        </div>
      ),
    },
    { key: 'external', label: t.external, cell: (row) => (row.external_id ? <Verbatim>{row.external_id}</Verbatim> : t.none) },
    { key: 'at', label: t.at, cell: (row) => (row.invited_at ? formatDate(row.invited_at, null, { dateStyle: 'medium' }) : t.none) },
    { key: 'state', label: t.stateLabel, cell: (row) => <Badge tone={tones[row.state]}>{t.states[row.state]}</Badge> },
    {
      key: 'actions',
      label: t.forget,
      hideLabel: true,
      cell: (row) =>
        erased(row) ? null : (
          <Menu label={t.forgetOf(nameOf(row))} items={[{ label: t.forget, icon: 'trash', danger: true, onClick: () => onForget(row) }]} />
        ),
    },
  ];
}

interface ForgetProps {
  congress: string;
  person: Invited;
  people: PagedList<Invited>;
  onClose: () => void;
}

function ForgetDialog({ congress, person, people, onClose }: ForgetProps) {
  const t = invitationTexts();
  return (
    <ConfirmDialog
      title={t.forget}
      text={t.forgetText(nameOf(person))}
      action={t.forget}
      danger
      onClose={onClose}
      onConfirm={async () => {
        await api.forget(congress, person.id);
        toast.good(t.forgotten);
        void people.reload();
      }}
    />
  );
}
