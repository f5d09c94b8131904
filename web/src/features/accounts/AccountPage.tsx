import { useState } from 'preact/hooks';
import { setLanguage } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Account, Language } from '../../net/types';
import { useAction } from '../../state/action';
import { signedIn, staff } from '../../state/me';
import { useUnsaved } from '../../state/unsaved';
import { AppShell } from '../../ui/AppShell';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input, Select } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { PasswordForm } from './PasswordForm';
import { accountTexts } from './texts';

export default function AccountPage() {
  const t = accountTexts();
  const who = staff.value;
  if (!who) return null;
  const { account } = who;
  const passwordSet = () => signedIn({ ...who, account: { ...account, has_password: true } });
  return (
    <AppShell title={t.title}>
      <div class="columns">
        <Card title={t.profile}>
          <ProfileForm account={account} />
        </Card>
        <Card title={t.password} text={account.has_password ? t.hasPassword : t.noPassword}>
          <PasswordForm needCurrent={account.has_password} onDone={passwordSet} />
        </Card>
      </div>
    </AppShell>
  );
}

function ProfileForm({ account }: { account: Account }) {
  const t = accountTexts();
  const c = common();
  const [name, setName] = useState(account.name);
  const [language, choose] = useState<string>(account.language);
  const changed = name !== account.name || language !== account.language;
  useUnsaved(changed);
  const save = useAction(async () => {
    await api.changeMe({ name, language: language as Language });
    if (staff.value)
      signedIn({
        ...staff.value,
        account: { ...staff.value.account, name, language: language as Language },
      });
    setLanguage(language as Language);
    toast.good(c.saved);
  });
  return (
    <Form
      onSubmit={() => save.run()}
      error={save.text(['name'])}
      footer={
        <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
          {c.save}
        </Button>
      }
    >
      <Input
        label={t.name}
        value={name}
        onInput={setName}
        required
        maxLength={200}
        error={save.field('name')}
      />
      <Input
        label={t.email}
        type="email"
        value={account.email}
        onInput={() => undefined}
        disabled
        hint={t.emailHint}
      />
      <Select
        label={t.language}
        value={language}
        onChange={choose}
        options={[
          { value: 'fr', label: 'Français' },
          { value: 'en', label: 'English' },
        ]}
      />
      <div class="field">
        <span class="field__label">{t.roles}</span>
        <div class="row">
          {account.roles.map((role) => (
            <Badge key={role} tone="accent">
              {c.role[role]}
            </Badge>
          ))}
        </div>
      </div>
    </Form>
  );
}
