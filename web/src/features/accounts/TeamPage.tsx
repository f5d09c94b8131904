// The staff of the organisation and what they may do.
import { useState } from 'preact/hooks';
import { formatDate, language } from '../../i18n';
import { common } from '../../i18n/common';
import { useList } from '../../state/list';
import { staff } from '../../state/me';
import { AppShell } from '../../ui/AppShell';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { ListView } from '../../ui/ListView';
import { Menu, type MenuItem } from '../../ui/Menu';
import { type Column, Table } from '../../ui/Table';
import { toast } from '../../ui/Toast';
import { Verbatim } from '../../ui/Verbatim';
import { api, type StaffMember } from './api';
import { factorTexts } from './factorTexts';
import { InviteDialog, ResetDialog, RolesDialog } from './TeamDialogs';
import { TeamFactor } from './TeamFactor';
import { staffState } from './staffState';
import { teamTexts } from './texts';

type Doing = { what: 'invite' } | { what: 'roles' | 'disable' | 'reset'; person: StaffMember };

export default function TeamPage() {
  const t = teamTexts();
  const list = useList('staff', (page) => api.staff(page));
  const [doing, setDoing] = useState<Doing | null>(null);
  const invite = (
    <Button look="primary" icon="add" onClick={() => setDoing({ what: 'invite' })}>
      {t.invite}
    </Button>
  );
  return (
    <AppShell title={t.title} subtitle={t.lead} actions={invite}>
      <Card flush>
        <ListView list={list} empty={null}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(setDoing, list.reload)}
              rows={rows}
              rowKey={(row) => row.id}
            />
          )}
        </ListView>
      </Card>
      <TeamFactor />
      {doing && <Dialogs doing={doing} reload={list.reload} onClose={() => setDoing(null)} />}
    </AppShell>
  );
}

interface DialogsProps {
  doing: Doing;
  reload: () => Promise<void>;
  onClose: () => void;
}

function Dialogs({ doing, reload, onClose }: DialogsProps) {
  const t = teamTexts();
  const done = () => {
    onClose();
    void reload();
  };
  if (doing.what === 'invite')
    return <InviteDialog language={language.value} onClose={onClose} onDone={done} />;
  if (doing.what === 'roles')
    return <RolesDialog person={doing.person} onClose={onClose} onDone={done} />;
  if (doing.what === 'reset')
    return <ResetDialog person={doing.person} onClose={onClose} onDone={done} />;
  const disable = async () => {
    await api.changeStaff(doing.person.id, { disabled: true });
    await reload();
  };
  return (
    <ConfirmDialog
      title={t.disable}
      text={t.disableText(doing.person.name)}
      action={t.disable}
      danger
      onClose={onClose}
      onConfirm={disable}
    />
  );
}

interface CellProps {
  person: StaffMember;
}

interface ActionsProps extends CellProps {
  onDo: (doing: Doing) => void;
  reload: () => Promise<void>;
}

function Actions({ person, onDo, reload }: ActionsProps) {
  const t = teamTexts();
  const inviteAgain = () =>
    void api
      .inviteAgain(person.id)
      .then(() => toast.good(t.againDone))
      .then(reload, toast.error);
  const enable = () =>
    void api.changeStaff(person.id, { disabled: false }).then(reload, toast.error);
  const disable = () => onDo({ what: 'disable', person });
  const reset = () => onDo({ what: 'reset', person });
  const items: MenuItem[] = [
    { label: t.change, icon: 'edit', onClick: () => onDo({ what: 'roles', person }) },
    { label: t.again, icon: 'mail', onClick: inviteAgain },
    ...(person.second_factor ? [{ label: factorTexts().reset, icon: 'key' as const, onClick: reset }] : []),
    person.disabled_at
      ? { label: t.enable, icon: 'check', onClick: enable }
      : { label: t.disable, icon: 'lock', danger: true, onClick: disable },
  ];
  return <Menu label={common().named(common().moreActions, person.name)} items={items} />;
}

const isMe = (person: StaffMember) => person.id === staff.value?.account.id;

function columns(
  onDo: (doing: Doing) => void,
  reload: () => Promise<void>,
): Column<StaffMember>[] {
  const t = teamTexts();
  const actions = (row: StaffMember) =>
    !isMe(row) && <Actions person={row} onDo={onDo} reload={reload} />;
  return [
    { key: 'name', label: t.name, head: true, cell: (row) => <Name person={row} /> },
    { key: 'email', label: t.email, cell: (row) => <Verbatim class="muted">{row.email}</Verbatim> },
    { key: 'roles', label: t.roles, cell: (row) => <Roles person={row} /> },
    { key: 'state', label: t.state, cell: (row) => <State person={row} /> },
    { key: 'actions', label: common().moreActions, hideLabel: true, cell: actions },
  ];
}

function Name({ person }: CellProps) {
  return (
    <>
      <Verbatim>{person.name}</Verbatim> {isMe(person) && <span class="faint small">({teamTexts().you})</span>}
    </>
  );
}

function Roles({ person }: CellProps) {
  return (
    <span class="badges">
      {person.roles.map((role) => (
        <Badge key={role} tone={role === 'organiser' ? 'accent' : 'neutral'}>
          {common().role[role]}
        </Badge>
      ))}
    </span>
  );
}

const tones = { active: 'good', invited: 'info', expired: 'warn', disabled: 'bad' } as const;

function State({ person }: CellProps) {
  const t = teamTexts();
  const state = staffState(person);
  const until = person.invited_until;
  return (
    <div>
      <span class="badges">
        <Badge tone={tones[state]}>{t.states[state]}</Badge>
        {state === 'active' && !person.second_factor && <Badge>{factorTexts().without}</Badge>}
      </span>
      {state === 'invited' && until && (
        <span class="table__second">{t.invitedUntil(formatDate(until, null, { dateStyle: 'medium' }))}</span>
      )}
    </div>
  );
}
