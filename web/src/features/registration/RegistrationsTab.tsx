import { useEffect, useState } from 'preact/hooks';
import { codeLabel, formatDate, formatTime } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Registration } from '../../net/types';
import { codes, loadCodes } from '../../state/codes';
import { useList } from '../../state/list';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { Input } from '../../ui/Field';
import { ListView } from '../../ui/ListView';
import { Menu, type MenuItem } from '../../ui/Menu';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { registrationTexts } from './staffTexts';

const SEARCH_AFTER_MS = 300;

function useLater(value: string, ms: number): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}

type Doing = { what: 'cancel' | 'erase'; who: Registration };

export function RegistrationsTab({ congress, zone }: { congress: string; zone: string }) {
  const t = registrationTexts();
  const [search, setSearch] = useState('');
  const q = useLater(search.trim(), SEARCH_AFTER_MS);
  const list = useList(`registrations ${congress} ${q}`, (page) =>
    api.registrations(congress, { ...page, q }),
  );
  const names = useResource(`profile names ${congress}`, async () => {
    const [profiles] = await Promise.all([api.profiles(congress), loadCodes()]);
    return new Map(profiles.items.map((profile) => [profile.id, profile.name]));
  });
  const [doing, setDoing] = useState<Doing | null>(null);
  const empty = q ? (
    <EmptyState icon="search" title={t.noMatch}>
      {t.noMatchText}
    </EmptyState>
  ) : (
    <EmptyState icon="people" title={t.empty}>
      {t.emptyText}
    </EmptyState>
  );
  const actions = (who: Registration): MenuItem[] => {
    const items: MenuItem[] = [];
    if (who.state === 'registered')
      items.push({
        label: t.cancel,
        icon: 'close',
        onClick: () => setDoing({ what: 'cancel', who }),
      });
    items.push({
      label: t.erase,
      icon: 'trash',
      danger: true,
      onClick: () => setDoing({ what: 'erase', who }),
    });
    return items;
  };
  return (
    <>
      <Card flush>
        <div class="search-bar">
          <Input
            label={t.search}
            hideLabel
            type="search"
            placeholder={t.search}
            value={search}
            onInput={setSearch}
          />
        </div>
        <ListView list={list} empty={empty}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(names.value ?? new Map(), zone, actions)}
              rows={rows}
              rowKey={(row) => row.id}
            />
          )}
        </ListView>
      </Card>
      {doing && <Confirm doing={doing} onClose={() => setDoing(null)} reload={list.reload} />}
    </>
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
  actions: (row: Registration) => MenuItem[],
): Column<Registration>[] {
  const t = registrationTexts();
  const c = common();
  const label = (list: 'profession' | 'specialty' | 'region' | 'channel', code: string) =>
    codeLabel(codes.value?.[list], code);
  return [
    {
      key: 'name',
      label: t.name,
      head: true,
      cell: (row) => (
        <>
          <span class={erased(row) ? 'faint' : undefined}>{fullName(row)}</span>
          {row.email && <span class="table__second">{row.email}</span>}
        </>
      ),
    },
    {
      key: 'profession',
      label: t.profession,
      cell: (row) => (
        <span>
          {label('profession', row.profession)}
          <span class="table__second">
            {[row.specialty && label('specialty', row.specialty), label('region', row.region)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
      ),
    },
    {
      key: 'profiles',
      label: t.profiles,
      cell: (row) => (
        <span class="badges">
          {row.profiles.length === 0 && <span class="faint">–</span>}
          {row.profiles.map((id) => (
            <Badge key={id} tone="accent">
              {names.get(id) ?? '…'}
            </Badge>
          ))}
        </span>
      ),
    },
    { key: 'channel', label: t.channel, cell: (row) => label('channel', row.channel) },
    {
      key: 'registered',
      label: t.registered,
      cell: (row) => (
        <time class="number nowrap" dateTime={row.registered_at}>
          {formatDate(row.registered_at, zone, { dateStyle: 'medium' })}
          <span class="table__second">{formatTime(row.registered_at, zone)}</span>
        </time>
      ),
    },
    {
      key: 'state',
      label: t.state,
      cell: (row) =>
        row.state === 'cancelled' ? (
          <Badge tone="bad">{t.cancelled}</Badge>
        ) : row.confirmed_at ? (
          <Badge tone="good">{t.confirmed}</Badge>
        ) : (
          <Badge>{t.waiting}</Badge>
        ),
    },
    {
      key: 'actions',
      label: c.moreActions,
      hideLabel: true,
      cell: (row) =>
        erased(row) ? null : (
          <Menu label={`${c.moreActions}: ${fullName(row)}`} items={actions(row)} />
        ),
    },
  ];
}
