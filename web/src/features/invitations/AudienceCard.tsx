// How many people a round would invite, who is left out and why, and sending it.
import { useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { useAction } from '../../state/action';
import { useList } from '../../state/list';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Checkbox, Input } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { ResourceView } from '../../ui/ResourceView';
import { Table } from '../../ui/Table';
import { Verbatim } from '../../ui/Verbatim';
import { api, type Audience, type LeftOut, type Reason, REASONS } from './api';
import type { RoundProps } from './round';
import { roundTexts } from './roundTexts';
import { invitationTexts } from './texts';

export function AudienceCard(props: RoundProps) {
  const t = roundTexts();
  const { round } = props;
  const audience = useResource(`audience ${round.id}`, () => api.audience(round.id));
  const again = (
    <Button icon="refresh" onClick={() => void audience.reload()}>
      {t.countAgain}
    </Button>
  );
  return (
    <Card title={t.audience} text={t.audienceText} actions={again}>
      <ResourceView of={audience} lines={4}>
        {(counts) => <Counted {...props} counts={counts} />}
      </ResourceView>
    </Card>
  );
}

function Counted({ round, set, counts }: RoundProps & { counts: Audience }) {
  const t = roundTexts();
  const [looking, setLooking] = useState<Reason | null>(null);
  return (
    <div class="stack">
      <p class="number">
        <strong>{t.people(counts.invited)}</strong> {t.ofList(formatNumber(counts.people))}
        {round.channel === 'mail' && counts.invited > 0 && ` · ${t.byLanguage(formatNumber(counts.french), formatNumber(counts.invited - counts.french))}`}
      </p>
      <LeftOutTable counts={counts} onLook={setLooking} />
      <Sending round={round} set={set} counts={counts} />
      {looking && <LeftOutDialog round={round.id} reason={looking} onClose={() => setLooking(null)} />}
    </div>
  );
}

function LeftOutTable({ counts, onLook }: { counts: Audience; onLook: (reason: Reason) => void }) {
  const t = roundTexts();
  const rows = REASONS.filter((reason) => counts.left_out[reason] > 0).map((reason) => ({ reason, n: counts.left_out[reason] }));
  if (rows.length === 0) return <p class="muted small">{t.nobodyLeftOut}</p>;
  const columns = [
    { key: 'reason', label: t.leftOut, head: true, cell: ({ reason }: { reason: Reason }) => t.reasons[reason] },
    { key: 'n', label: t.count, number: true, cell: ({ n }: { n: number }) => formatNumber(n) },
    {
      key: 'look',
      label: t.look,
      hideLabel: true,
      cell: ({ reason }: { reason: Reason }) => (
        <Button small onClick={() => onLook(reason)}>
          {t.look} <span class="visually-hidden">{t.reasons[reason]}</span>
        </Button>
      ),
    },
  ];
  return <Table caption={t.leftOut} columns={columns} rows={rows} rowKey={({ reason }) => reason} />;
}

const nameOf = (row: LeftOut): string => `${row.last_name} ${row.first_name}`.trim() || row.email || row.external_id || invitationTexts().none;

function LeftOutDialog({ round, reason, onClose }: { round: string; reason: Reason; onClose: () => void }) {
  const t = roundTexts();
  const people = useList(`left out ${round} ${reason}`, (page) => api.leftOut(round, { ...page, reason }));
  const columns = [
    { key: 'person', label: invitationTexts().person, head: true, cell: (row: LeftOut) => <Verbatim>{nameOf(row)}</Verbatim> },
    { key: 'email', label: t.email, cell: (row: LeftOut) => (row.email ? <Verbatim>{row.email}</Verbatim> : invitationTexts().none) },
  ];
  return (
    <Dialog title={t.reasons[reason]} wide onClose={onClose}>
      <ListView list={people} empty={<EmptyState icon="people" title={t.nobodyLeftOut} />}>
        {(rows) => <Table caption={t.reasons[reason]} columns={columns} rows={rows} rowKey={({ id }) => id} />}
      </ListView>
    </Dialog>
  );
}

function Sending({ round, set, counts }: Pick<RoundProps, 'round' | 'set'> & { counts: Audience }) {
  const t = roundTexts();
  const [overruling, setOverruling] = useState(false);
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState(false);
  const under = counts.left_out.pressure;
  const overrule = overruling && under > 0 ? reason.trim() : null;
  const n = counts.invited + (overrule === null ? 0 : under);
  const ask = useAction(async () => setAsking(true));
  const written = round.channel === 'crm' || (round.subject_fr && round.text_fr && round.subject_en && round.text_en);
  return (
    <>
      {under > 0 && <Checkbox label={t.overrule(under)} hint={t.overruleHint} checked={overruling} onChange={setOverruling} />}
      {under > 0 && overruling && <Input label={t.overruleReason} maxLength={500} required value={reason} onInput={setReason} />}
      {!written && <Banner silent>{t.writeFirst}</Banner>}
      <div class="row">
        <Button look="primary" icon={round.channel === 'mail' ? 'mail' : 'file'} disabled={n === 0 || !written || overrule === ''} onClick={() => void ask.run()}>
          {t.send(n, round.channel)}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          title={t.send(n, round.channel)}
          text={round.channel === 'mail' ? t.sendText : t.prepareText}
          action={t.send(n, round.channel)}
          onClose={() => setAsking(false)}
          onConfirm={async () => set(await api.send(round.id, overrule))}
        />
      )}
    </>
  );
}
