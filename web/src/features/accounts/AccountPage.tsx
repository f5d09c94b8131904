// One's own account: name, language, password.
import { useState } from 'preact/hooks';
import { setLanguage } from '../../i18n';
import { common } from '../../i18n/common';
import type { Account, Role } from '../../net/types';
import { useAction } from '../../state/action';
import { signedInAsStaff, staff } from '../../state/me';
import { useResource } from '../../state/resource';
import { useUnsaved } from '../../state/unsaved';
import { AppShell } from '../../ui/AppShell';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { Passkeys } from './Passkeys';
import { PasswordForm } from './PasswordForm';
import { SecondFactor } from './SecondFactor';
import { SignIns } from './SignIns';
import { accountTexts, signInsTexts } from './texts';

export default function AccountPage() {
  const t = accountTexts();
  const factors = useResource('factors', api.factors);
  const who = staff.value;
  if (!who) return null;
  const { account } = who;
  const passwordSet = () => signedInAsStaff({ ...who, account: { ...account, has_password: true } });
  return (
    <AppShell title={t.title}>
      <div class="columns">
        <Card title={t.profile}>
          <ProfileForm account={account} />
        </Card>
        <Card title={t.password} text={account.has_password ? t.hasPassword : t.noPassword}>
          <PasswordForm needCurrent={account.has_password} onDone={passwordSet} />
        </Card>
        <SecondFactor who={who} factors={factors} />
        <Passkeys who={who} factors={factors} />
        <Card title={signInsTexts().title} text={signInsTexts().lead}>
          <SignIns />
        </Card>
      </div>
    </AppShell>
  );
}

function ProfileForm({ account }: { account: Account }) {
  const t = accountTexts();
  const [name, setName] = useState(account.name);
  const [language, choose] = useState(account.language);
  const changed = name !== account.name || language !== account.language;
  useUnsaved(changed);
  const save = useAction(async () => {
    await api.changeMe({ name, language });
    const who = staff.value;
    if (who) signedInAsStaff({ ...who, account: { ...who.account, name, language } });
    setLanguage(language);
    toast.good(common().saved);
  });
  const button = (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {common().save}
    </Button>
  );
  return (
    <Form onSubmit={() => save.run()} error={save.text(['name'])} footer={button}>
      <Input
        label={t.name}
        value={name}
        onInput={setName}
        required
        maxLength={200}
        error={save.field('name')}
      />
      <EmailField value={account.email ?? ''} />
      <LanguageSelect label={t.language} value={language} onChange={choose} ownNames />
      <Roles roles={account.roles} />
    </Form>
  );
}

/** Shown only: the address is the one of the sign-in, and this page cannot change it. */
function EmailField({ value }: { value: string }) {
  const t = accountTexts();
  return (
    <Input
      label={t.email}
      type="email"
      value={value}
      onInput={() => undefined}
      disabled
      hint={t.emailHint}
    />
  );
}

function Roles({ roles }: { roles: Role[] }) {
  return (
    <div class="field">
      <span class="field__label">{accountTexts().roles}</span>
      <div class="row">
        {roles.map((role) => (
          <Badge key={role} tone="accent">
            {common().role[role]}
          </Badge>
        ))}
      </div>
    </div>
  );
}
