// The invitations of a congress: its rounds, the invited, and how often the organisation invites somebody.
import { useState } from 'preact/hooks';
import { formatDate, formatNumber } from '../../i18n';
import { useResource } from '../../state/resource';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ResourceView } from '../../ui/ResourceView';
import { type Column, Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import type { CongressTabProps } from '../feature';
import { api, type Round } from './api';
import { BeginDialog } from './BeginDialog';
import { People } from './People';
import { PressureCard } from './PressureCard';
import { RoundBadge } from './RoundBadge';
import { invitationTexts } from './texts';

export default function InvitationsTab({ congress: { id } }: CongressTabProps) {
  const rounds = useResource(`invitation rounds ${id}`, async () => (await api.rounds(id)).items);
  return <ResourceView of={rounds}>{(items) => <Content congress={id} rounds={items} />}</ResourceView>;
}

function Content({ congress, rounds }: { congress: string; rounds: Round[] }) {
  const t = invitationTexts();
  const [beginning, setBeginning] = useState(false);
  const begin = (
    <Button look="primary" icon="add" onClick={() => setBeginning(true)}>
      {t.begin}
    </Button>
  );
  return (
    <div class="stack">
      {rounds.length === 0 ? (
        <Card>
          <EmptyState icon="mail" title={t.empty} action={begin}>
            {t.emptyText}
          </EmptyState>
        </Card>
      ) : (
        <Card title={t.rounds} text={t.lead} actions={begin} flush>
          <Table caption={t.rounds} columns={columns()} rows={rounds} rowKey={({ id }) => id} />
        </Card>
      )}
      {rounds.some(({ state }) => state !== 'draft') && <People congress={congress} rounds={rounds} />}
      <PressureCard />
      {beginning && <BeginDialog congress={congress} onClose={() => setBeginning(false)} />}
    </div>
  );
}

function Name({ round }: { round: Round }) {
  const t = invitationTexts();
  return (
    <div>
      <a href={`/congresses/${round.congress}/invitations/${round.id}`}>
        <Verbatim>{round.target_list.name}</Verbatim>
      </a>
      <span class="table__second">
        {[t.channelShort[round.channel], round.target_profile && t.partOf(round.target_profile.name)].filter(Boolean).join(' · ')}
      </span>
    </div>
  );
}

function columns(): Column<Round>[] {
  const t = invitationTexts();
  const how = ({ invited, people }: Round) => (people === null ? t.none : t.of(formatNumber(invited), formatNumber(people)));
  return [
    { key: 'name', label: t.round, head: true, cell: (row) => <Name round={row} /> },
    { key: 'state', label: t.stateLabel, cell: ({ state }) => <RoundBadge state={state} /> },
    { key: 'invited', label: t.invited, number: true, cell: how },
    { key: 'made', label: t.made, cell: (row) => formatDate(row.created_at, null, { dateStyle: 'medium' }) },
  ];
}
