// Who was invited to speak in a session without an account, and what became of it.
import { useState } from 'preact/hooks';
import { formatDateTime } from '../../i18n';
import { common } from '../../i18n/common';
import { useReloadWhile, useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Menu } from '../../ui/Menu';
import { ResourceView } from '../../ui/ResourceView';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import type { SessionTabProps } from '../feature';
import { api, type Guest } from './api';
import { GuestDialog, InviteGuest } from './GuestDialogs';
import { guestTexts } from './texts';
import { guestWords } from './words';

const LOOK_AGAIN_MS = 5000;

type Doing = { what: 'invite' } | { what: 'send' | 'takeBack'; guest: Guest };
type OnDo = (doing: Doing) => void;

export default function GuestsTab({ session, congress }: SessionTabProps) {
  const t = guestTexts();
  const [doing, setDoing] = useState<Doing | null>(null);
  const found = useResource(`guests ${session.id}`, () => api.guests(session.id));
  const awaited = found.value?.items.some(({ state }) => state === 'invited' || state === 'sent') ?? false;
  useReloadWhile(found, awaited, LOOK_AGAIN_MS);
  const over = session.state === 'ended' || session.state === 'cancelled';
  const close = () => setDoing(null);
  const done = (text: string) => {
    toast.good(text);
    close();
    void found.reload();
  };
  return (
    <>
      {over && <Banner silent>{t.over}</Banner>}
      <ResourceView of={found}>
        {({ items }) => <Guests guests={items} zone={congress.time_zone} over={over} onDo={setDoing} />}
      </ResourceView>
      {doing?.what === 'invite' && <InviteGuest session={session} congress={congress.id} onClose={close} onDone={done} />}
      {doing && doing.what !== 'invite' && <GuestDialog {...doing} onClose={close} onDone={done} />}
    </>
  );
}

interface GuestsProps {
  guests: readonly Guest[];
  zone: string;
  over: boolean;
  onDo: OnDo;
}

function Guests({ guests, zone, over, onDo }: GuestsProps) {
  const t = guestTexts();
  const add = !over && (
    <Button look="primary" icon="add" onClick={() => onDo({ what: 'invite' })}>
      {t.add}
    </Button>
  );
  if (guests.length === 0)
    return (
      <Card>
        <EmptyState icon="mic" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={guestWords().title} text={t.lead} actions={add} flush>
      <Table caption={guestWords().title} columns={columns(zone, over, onDo)} rows={guests} rowKey={({ id }) => id} />
    </Card>
  );
}

function columns(zone: string, over: boolean, onDo: OnDo): Column<Guest>[] {
  const t = guestTexts();
  const actions = (row: Guest) => row.state !== 'taken_back' && <Actions guest={row} over={over} onDo={onDo} />;
  return [
    { key: 'name', label: t.name, head: true, cell: (row) => <Name guest={row} /> },
    { key: 'email', label: t.email, cell: (row) => <Verbatim class="muted">{row.email ?? '–'}</Verbatim> },
    { key: 'state', label: t.state, cell: (row) => <State guest={row} zone={zone} /> },
    { key: 'actions', label: common().moreActions, hideLabel: true, cell: actions },
  ];
}

function Name({ guest: { name, speaker } }: { guest: Guest }) {
  return (
    <>
      <Verbatim>{name}</Verbatim>
      {speaker && speaker.name !== name && <Verbatim class="table__second">{speaker.name}</Verbatim>}
    </>
  );
}

const tones = { invited: 'neutral', sent: 'info', failed: 'bad', came: 'good', taken_back: 'warn' } as const;

const since = ({ state, invited_at, sent_at, came_at, ended_at }: Guest): string =>
  ({ invited: null, sent: sent_at, failed: null, came: came_at, taken_back: ended_at })[state] ?? invited_at;

function State({ guest, zone }: { guest: Guest; zone: string }) {
  const t = guestTexts();
  return (
    <div>
      <Badge tone={tones[guest.state]}>{t.states[guest.state]}</Badge>
      <span class="table__second">{t.on[guest.state](formatDateTime(since(guest), zone))}</span>
    </div>
  );
}

function Actions({ guest, over, onDo }: { guest: Guest; over: boolean; onDo: OnDo }) {
  const t = guestTexts();
  const send = { label: t.again, icon: 'mail' as const, onClick: () => onDo({ what: 'send', guest }) };
  const takeBack = { label: t.takeBack, icon: 'lock' as const, danger: true, onClick: () => onDo({ what: 'takeBack', guest }) };
  return <Menu label={common().named(common().moreActions, guest.name)} items={over ? [takeBack] : [send, takeBack]} />;
}
