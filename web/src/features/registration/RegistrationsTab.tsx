// Who registered for a congress: finding them, sending their link, cancelling, erasing.
import { useState } from 'preact/hooks';
import { codeLabel, formatDate, formatTime } from '../../i18n';
import { common } from '../../i18n/common';
import { codes } from '../../state/codes';
import { loadAllCodes } from '../../state/ownCodes';
import { useLater } from '../../state/later';
import { useList } from '../../state/list';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ListView } from '../../ui/ListView';
import { Menu, type MenuItem } from '../../ui/Menu';
import { ResourceView } from '../../ui/ResourceView';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { api as audienceApi } from '../audience/api';
import type { CongressTabProps } from '../feature';
import { api, type Registration } from './api';
import { AnswerList } from './AnswerList';
import { admitsOthers } from './categories';
import { categoryTexts } from './categoryTexts';
import { editorTexts } from './editorTexts';
import { ALL, CountLine, type Counts, Filters } from './RegistrationFilters';
import { RegistryMark } from './RegistryMark';
import { registrationTexts } from './staffTexts';

type Doing = { what: 'cancel' | 'erase' | 'answers'; who: Registration };

export default function RegistrationsTab({ congress }: CongressTabProps) {
  const [wanted, setWanted] = useState(ALL);
  const q = useLater(wanted.q.trim());
  const [counts, setCounts] = useState<Counts>(null);
  const filters = { ...wanted, q };
  const list = useList(`registrations ${congress.id} ${JSON.stringify(filters)}`, async (page) => {
    const found = await api.registrations(congress.id, { ...page, ...filters });
    setCounts(found);
    return found;
  });
  const { names, others } = useAbout(congress.id);
  const [doing, setDoing] = useState<Doing | null>(null);
  const filtered = Object.values(filters).some((value) => value !== '');
  return (
    <>
      <Card flush>
        <Filters value={wanted} onChange={setWanted} profiles={names} others={others} />
        <CountLine counts={counts} congress={congress.id} />
        <ListView list={list} empty={<Empty filtered={filtered} />}>
          {(rows) => (
            <Table
              caption={registrationTexts().title}
              columns={columns(names, congress.time_zone, setDoing)}
              rows={rows}
              rowKey={(row) => row.id}
            />
          )}
        </ListView>
      </Card>
      {doing?.what === 'answers' && <AnswersDialog congress={congress.id} row={doing.who} onClose={() => setDoing(null)} />}
      {doing && doing.what !== 'answers' && <Confirm doing={doing} onClose={() => setDoing(null)} reload={list.reload} />}
    </>
  );
}

interface About {
  /** The names of the target profiles by their ids. */
  names: Map<string, string>;
  /** Whether the congress admits others than HCPs. */
  others: boolean;
}

/** With the code lists that the table needs. */
function useAbout(congress: string): About {
  const about = useResource(`profile names ${congress}`, async () => {
    const [profiles, policy] = await Promise.all([audienceApi.profiles(congress), api.policy(congress), loadAllCodes()]);
    return { names: new Map(profiles.items.map((profile) => [profile.id, profile.name])), others: admitsOthers(policy.categories) };
  });
  return about.value ?? { names: new Map(), others: false };
}

function Empty({ filtered }: { filtered: boolean }) {
  const t = registrationTexts();
  return filtered ? (
    <EmptyState icon="search" title={t.noMatch}>
      {t.noMatchText}
    </EmptyState>
  ) : (
    <EmptyState icon="people" title={t.empty}>
      {t.emptyText}
    </EmptyState>
  );
}

interface ConfirmProps {
  doing: Doing;
  onClose: () => void;
  reload: () => Promise<void>;
}

function Confirm({ doing, onClose, reload }: ConfirmProps) {
  const t = registrationTexts();
  const name = fullName(doing.who);
  const erase = doing.what === 'erase';
  return (
    <ConfirmDialog
      title={erase ? t.erase : t.cancel}
      text={erase ? t.eraseText(name) : t.cancelText(name)}
      action={erase ? t.erase : t.cancel}
      danger
      keep={t.keep}
      onClose={onClose}
      onConfirm={async () => {
        await (erase ? api.eraseRegistration(doing.who.id) : api.cancelRegistration(doing.who.id));
        toast.good(erase ? t.eraseDone : t.cancelDone);
        await reload();
      }}
    />
  );
}

const erased = (row: Registration) => !row.email;

function fullName(row: Registration): string {
  return erased(row) ? registrationTexts().erased : `${row.first_name} ${row.last_name}`;
}

function columns(
  names: Map<string, string>,
  zone: string,
  onDo: (doing: Doing) => void,
): Column<Registration>[] {
  const t = registrationTexts();
  return [
    { key: 'name', label: t.name, head: true, cell: (row) => <Name row={row} /> },
    { key: 'profession', label: t.profession, cell: (row) => <Profession row={row} /> },
    {
      key: 'profiles',
      label: t.profiles,
      cell: (row) => <Profiles ids={row.profiles} names={names} />,
    },
    { key: 'channel', label: t.channel, cell: (row) => label('channel', row.channel) },
    {
      key: 'registered',
      label: t.registered,
      cell: (row) => <RegisteredAt at={row.registered_at} zone={zone} />,
    },
    { key: 'state', label: t.state, cell: (row) => <State row={row} /> },
    {
      key: 'actions',
      label: common().moreActions,
      hideLabel: true,
      cell: (row) => !erased(row) && <Actions row={row} onDo={onDo} />,
    },
  ];
}

const label = (list: 'profession' | 'specialty' | 'region' | 'channel', code: string) =>
  codeLabel(codes.value?.[list], code);

interface CellProps {
  row: Registration;
}

function Name({ row }: CellProps) {
  return (
    <>
      <span class={erased(row) ? 'faint' : undefined} translate={erased(row)}>
        {fullName(row)}
      </span>
      {row.email && <Verbatim class="table__second">{row.email}</Verbatim>}
      {row.address_shared && (
        <span class="table__second">
          <Badge tone="info">{registrationTexts().shared}</Badge>
        </span>
      )}
    </>
  );
}

function Profession({ row }: CellProps) {
  if (row.category !== 'hcp') return <Other row={row} />;
  const more = [row.specialty && label('specialty', row.specialty), row.region && label('region', row.region)];
  return (
    <span>
      {row.profession && label('profession', row.profession)}
      <span class="table__second">{more.filter(Boolean).join(' · ')}</span>
      <RegistryMark row={row} />
    </span>
  );
}

/** What somebody registered as who is no HCP. */
function Other({ row: { category, profession, affiliation } }: CellProps) {
  return (
    <span>
      <Badge tone="info">{categoryTexts().one[category]}</Badge>
      {affiliation && <Verbatim class="table__second">{affiliation}</Verbatim>}
      {profession && <span class="table__second">{label('profession', profession)}</span>}
    </span>
  );
}

function Profiles({ ids, names }: { ids: string[]; names: Map<string, string> }) {
  return (
    <span class="badges">
      {ids.length === 0 && <span class="faint">–</span>}
      {ids.map((id) => (
        <Badge key={id} tone="accent">
          {names.get(id) ?? '…'}
        </Badge>
      ))}
    </span>
  );
}

function RegisteredAt({ at, zone }: { at: string; zone: string }) {
  return (
    <time class="number nowrap" dateTime={at}>
      {formatDate(at, zone, { dateStyle: 'medium' })}
      <span class="table__second">{formatTime(at, zone)}</span>
    </time>
  );
}

function State({ row }: CellProps) {
  const t = registrationTexts();
  if (row.state === 'cancelled') return <Badge tone="bad">{t.cancelled}</Badge>;
  if (row.state === 'declined') return <Badge tone="bad">{t.declined}</Badge>;
  if (row.state === 'in_review') return <Badge tone="warn">{t.inReview}</Badge>;
  if (row.state === 'waiting') return <Badge tone="warn">{t.waitsAs(row.waiting_place ?? 1)}</Badge>;
  if (row.confirmed_at) return <Badge tone="good">{t.confirmed}</Badge>;
  return <Badge>{t.waiting}</Badge>;
}

function Actions({ row, onDo }: CellProps & { onDo: (doing: Doing) => void }) {
  const t = registrationTexts();
  const items: MenuItem[] = [
    {
      label: t.erase,
      icon: 'trash',
      danger: true,
      onClick: () => onDo({ what: 'erase', who: row }),
    },
  ];
  if (Object.keys(row.answers).length > 0) items.unshift({ label: editorTexts().seeAnswers, icon: 'list', onClick: () => onDo({ what: 'answers', who: row }) });
  if (row.state !== 'cancelled' && row.state !== 'declined')
    items.unshift(
      { label: t.remind, icon: 'mail', onClick: () => void remind(row) },
      { label: t.cancel, icon: 'close', onClick: () => onDo({ what: 'cancel', who: row }) },
    );
  return <Menu label={common().named(common().moreActions, fullName(row))} items={items} />;
}

interface AnswersProps extends CellProps {
  congress: string;
  onClose: () => void;
}

function AnswersDialog({ congress, row, onClose }: AnswersProps) {
  const form = useResource(`form questions ${congress}`, () => api.formQuestions(congress));
  return (
    <Dialog title={editorTexts().answersOf(fullName(row))} onClose={onClose}>
      <ResourceView of={form}>
        {({ questions }) => (
          <AnswerList items={questions.flatMap((question) => (question.key in row.answers ? [{ question, answer: row.answers[question.key] ?? null }] : []))} />
        )}
      </ResourceView>
    </Dialog>
  );
}

async function remind(row: Registration): Promise<void> {
  try {
    await api.remind(row.id);
    toast.good(registrationTexts().reminded(row.email ?? ''));
  } catch (error) {
    toast.error(error);
  }
}
