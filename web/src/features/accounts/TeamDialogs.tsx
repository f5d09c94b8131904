// Inviting a person to the team, and changing what somebody may do.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { Language, Role } from '../../net/types';
import { type Action, useAction } from '../../state/action';
import { ConfirmDialog } from '../../ui/Dialog';
import { Checkbox, FieldError, Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { toast } from '../../ui/Toast';
import { api, type NewStaff, type StaffMember } from './api';
import { factorTexts } from './factorTexts';
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

const newPerson = (language: Language): NewStaff => ({
  name: '',
  email: '',
  language,
  roles: ['host'],
});

export function InviteDialog({ language, onClose, onDone }: DialogProps & { language: Language }) {
  const t = teamTexts();
  const [person, setPerson] = useState(() => newPerson(language));
  const [missing, setMissing] = useState(false);
  const set = (change: Partial<NewStaff>) => setPerson({ ...person, ...change });
  const send = useAction(async () => {
    await api.inviteStaff(person);
    toast.good(t.invited(person.name));
    onDone();
  });
  const submit = () => {
    setMissing(person.roles.length === 0);
    if (person.roles.length > 0) void send.run();
  };
  return (
    <FormDialog
      title={t.invite}
      action={send}
      fields={['name', 'email']}
      submit={t.sendInvite}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="muted">{t.inviteText}</p>
      <PersonFields person={person} set={set} action={send} />
      <RolesField value={person.roles} onChange={(roles) => set({ roles })} missing={missing} />
    </FormDialog>
  );
}

interface PersonFieldsProps {
  person: NewStaff;
  set: (change: Partial<NewStaff>) => void;
  action: Action<[]>;
}

function PersonFields({ person, set, action }: PersonFieldsProps) {
  const t = teamTexts();
  return (
    <>
      <Input
        label={t.name}
        value={person.name}
        onInput={(name) => set({ name })}
        error={action.field('name')}
        required
        maxLength={200}
      />
      <Input
        label={t.email}
        type="email"
        value={person.email}
        onInput={(email) => set({ email })}
        error={action.field('email')}
        required
        maxLength={254}
      />
      <LanguageSelect
        label={t.language}
        value={person.language}
        onChange={(language) => set({ language })}
        ownNames
      />
    </>
  );
}

export function RolesDialog({ person, onClose, onDone }: DialogProps & { person: StaffMember }) {
  const t = teamTexts();
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
  return (
    <FormDialog
      title={common().named(t.change, person.name)}
      action={save}
      submit={common().save}
      onSubmit={submit}
      onClose={onClose}
    >
      <RolesField value={roles} onChange={setRoles} missing={missing} />
    </FormDialog>
  );
}

/** For a colleague who has lost phone and recovery codes. */
export function ResetDialog({ person, onClose, onDone }: DialogProps & { person: StaffMember }) {
  const t = factorTexts();
  const reset = async () => {
    await api.resetFactors(person.id);
    toast.good(t.resetDone);
    onDone();
  };
  return (
    <ConfirmDialog
      title={t.reset}
      text={t.resetText(person.name)}
      action={t.reset}
      danger
      onClose={onClose}
      onConfirm={reset}
    />
  );
}
