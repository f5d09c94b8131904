import { useId, useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Language, Role, StaffMember } from '../../net/types';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Checkbox, FieldError, Input, Select } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { teamTexts } from './texts';

const ROLES: readonly Role[] = ['organiser', 'host', 'moderator', 'speaker'];

interface RolesFieldProps {
  value: Role[];
  onChange: (roles: Role[]) => void;
  missing: boolean;
}

function RolesField({ value, onChange, missing }: RolesFieldProps) {
  const t = teamTexts();
  return (
    <fieldset>
      <legend class="field__label">{t.roles}</legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          label={
            <>
              <strong>{common().role[role]}</strong>
              <br />
              <span class="muted small">{t.rolesHint[role]}</span>
            </>
          }
          checked={value.includes(role)}
          onChange={(on) => onChange(on ? [...value, role] : value.filter((item) => item !== role))}
        />
      ))}
      {missing && <FieldError text={t.needRole} />}
    </fieldset>
  );
}

interface DialogProps {
  onClose: () => void;
  onDone: () => void;
}

export function InviteDialog({ language, onClose, onDone }: DialogProps & { language: Language }) {
  const t = teamTexts();
  const c = common();
  const form = useId();
  const [person, setPerson] = useState({
    name: '',
    email: '',
    language,
    roles: ['host'] as Role[],
  });
  const [missing, setMissing] = useState(false);
  const send = useAction(async () => {
    await api.inviteStaff(person);
    toast.good(t.invited(person.name));
    onDone();
  });
  const submit = () => {
    setMissing(person.roles.length === 0);
    if (person.roles.length > 0) void send.run();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={send.busy}>
        {t.sendInvite}
      </Button>
    </>
  );
  return (
    <Dialog title={t.invite} onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={submit} error={send.text(['name', 'email'])}>
        <p class="muted">{t.inviteText}</p>
        <Input
          label={t.name}
          value={person.name}
          onInput={(name) => setPerson({ ...person, name })}
          error={send.field('name')}
          required
          maxLength={200}
        />
        <Input
          label={t.email}
          type="email"
          value={person.email}
          onInput={(email) => setPerson({ ...person, email })}
          error={send.field('email')}
          required
          maxLength={254}
        />
        <Select
          label={t.language}
          value={person.language}
          onChange={(next) => setPerson({ ...person, language: next as Language })}
          options={[
            { value: 'fr', label: 'Français' },
            { value: 'en', label: 'English' },
          ]}
        />
        <RolesField
          value={person.roles}
          onChange={(roles) => setPerson({ ...person, roles })}
          missing={missing}
        />
      </Form>
    </Dialog>
  );
}

export function RolesDialog({ person, onClose, onDone }: DialogProps & { person: StaffMember }) {
  const t = teamTexts();
  const c = common();
  const form = useId();
  const [roles, setRoles] = useState(person.roles);
  const [missing, setMissing] = useState(false);
  const save = useAction(async () => {
    await api.changeStaff(person.id, { roles });
    toast.good(t.changed);
    onDone();
  });
  const submit = () => {
    setMissing(roles.length === 0);
    if (roles.length > 0) void save.run();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {c.save}
      </Button>
    </>
  );
  return (
    <Dialog title={`${t.change}: ${person.name}`} onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={submit} error={save.text()}>
        <RolesField value={roles} onChange={setRoles} missing={missing} />
      </Form>
    </Dialog>
  );
}
