// The staff of the organisation and what they may do.
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
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
import { api, type StaffMember } from './api';
import { InviteDialog, RolesDialog } from './TeamDialogs';
import { teamTexts } from './texts';

type Doing = { what: 'invite' } | { what: 'roles' | 'disable'; person: StaffMember };

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
    void api.inviteAgain(person.id).then(() => toast.good(t.againDone), toast.error);
  const enable = () =>
    void api.changeStaff(person.id, { disabled: false }).then(reload, toast.error);
  const disable = () => onDo({ what: 'disable', person });
  const items: MenuItem[] = [
    { label: t.change, icon: 'edit', onClick: () => onDo({ what: 'roles', person }) },
    { label: t.again, icon: 'mail', onClick: inviteAgain },
    person.disabled_at
      ? { label: t.enable, icon: 'check', onClick: enable }
      : { label: t.disable, icon: 'lock', danger: true, onClick: disable },
  ];
  return <Menu label={`${common().moreActions}: ${person.name}`} items={items} />;
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
    { key: 'email', label: t.email, cell: (row) => <span class="muted">{row.email}</span> },
    { key: 'roles', label: t.roles, cell: (row) => <Roles person={row} /> },
    { key: 'state', label: t.state, cell: (row) => <State person={row} /> },
    { key: 'actions', label: common().moreActions, hideLabel: true, cell: actions },
  ];
}

function Name({ person }: CellProps) {
  return (
    <>
      {person.name} {isMe(person) && <span class="faint small">({teamTexts().you})</span>}
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

function State({ person }: CellProps) {
  const t = teamTexts();
  return person.disabled_at ? (
    <Badge tone="bad">{t.disabled}</Badge>
  ) : (
    <Badge tone="good">{t.active}</Badge>
  );
}
