import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Role, StaffMember } from '../../net/types';
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
import { InviteDialog, RolesDialog } from './TeamDialogs';
import { teamTexts } from './texts';

type Doing = { what: 'invite' } | { what: 'roles' | 'disable'; person: StaffMember } | null;

export default function TeamPage() {
  const t = teamTexts();
  const list = useList('staff', (page) => api.staff(page));
  const [doing, setDoing] = useState<Doing>(null);
  const done = () => {
    setDoing(null);
    void list.reload();
  };
  const sendAgain = (person: StaffMember) =>
    api.inviteAgain(person.id).then(() => toast.good(t.againDone), toast.error);
  const enable = (person: StaffMember) =>
    api.changeStaff(person.id, { disabled: false }).then(list.reload, toast.error);
  const actions = (person: StaffMember): MenuItem[] => [
    { label: t.change, icon: 'edit', onClick: () => setDoing({ what: 'roles', person }) },
    { label: t.again, icon: 'mail', onClick: () => void sendAgain(person) },
    person.disabled_at
      ? { label: t.enable, icon: 'check', onClick: () => void enable(person) }
      : {
          label: t.disable,
          icon: 'lock',
          danger: true,
          onClick: () => setDoing({ what: 'disable', person }),
        },
  ];
  return (
    <AppShell
      title={t.title}
      subtitle={t.lead}
      actions={
        <Button look="primary" icon="add" onClick={() => setDoing({ what: 'invite' })}>
          {t.invite}
        </Button>
      }
    >
      <Card flush>
        <ListView list={list} empty={null}>
          {(rows) => (
            <Table
              caption={t.title}
              columns={columns(actions)}
              rows={rows}
              rowKey={(row) => row.id}
            />
          )}
        </ListView>
      </Card>
      {doing?.what === 'invite' && (
        <InviteDialog language={language.value} onClose={() => setDoing(null)} onDone={done} />
      )}
      {doing?.what === 'roles' && (
        <RolesDialog person={doing.person} onClose={() => setDoing(null)} onDone={done} />
      )}
      {doing?.what === 'disable' && (
        <ConfirmDialog
          title={t.disable}
          text={t.disableText(doing.person.name)}
          action={t.disable}
          danger
          onClose={() => setDoing(null)}
          onConfirm={async () => {
            await api.changeStaff(doing.person.id, { disabled: true });
            await list.reload();
          }}
        />
      )}
    </AppShell>
  );
}

function columns(actions: (person: StaffMember) => MenuItem[]): Column<StaffMember>[] {
  const t = teamTexts();
  const c = common();
  const own = staff.value?.account.id;
  return [
    {
      key: 'name',
      label: t.name,
      head: true,
      cell: (row) => (
        <>
          {row.name} {row.id === own && <span class="faint small">({t.you})</span>}
        </>
      ),
    },
    { key: 'email', label: t.email, cell: (row) => <span class="muted">{row.email}</span> },
    {
      key: 'roles',
      label: t.roles,
      cell: (row) => (
        <span class="badges">
          {row.roles.map((role: Role) => (
            <Badge key={role} tone={role === 'organiser' ? 'accent' : 'neutral'}>
              {c.role[role]}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      key: 'state',
      label: t.state,
      cell: (row) =>
        row.disabled_at ? (
          <Badge tone="bad">{t.disabled}</Badge>
        ) : (
          <Badge tone="good">{t.active}</Badge>
        ),
    },
    {
      key: 'actions',
      label: c.moreActions,
      hideLabel: true,
      cell: (row) =>
        row.id === own ? null : (
          <Menu label={`${c.moreActions}: ${row.name}`} items={actions(row)} />
        ),
    },
  ];
}
