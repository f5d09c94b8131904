// The organisation: its name and contact, its privacy notice, what HCPs consent to.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { type Action, useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { useUnsaved } from '../../state/unsaved';
import { AppShell } from '../../ui/AppShell';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Input, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Skeleton } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import { api, type Organisation } from './api';
import { Branding } from './Branding';
import { Consents } from './Consents';
import { organisationTexts } from './texts';

export default function OrganisationPage() {
  const t = organisationTexts();
  const found = useResource('organisation', api.organisation);
  return (
    <AppShell title={t.title} subtitle={t.lead}>
      {found.error !== null && <ErrorState error={found.error} onRetry={found.reload} />}
      {found.loading && <Skeleton lines={3} tall />}
      {found.value && <Settings organisation={found.value} />}
      <Branding />
      <Card title={t.consents} text={t.consentsText}>
        <Consents />
      </Card>
    </AppShell>
  );
}

function Settings({ organisation }: { organisation: Organisation }) {
  const [saved, setSaved] = useState(organisation);
  const [fields, setFields] = useState(organisation);
  const changed = JSON.stringify(fields) !== JSON.stringify(saved);
  useUnsaved(changed);
  const save = useAction(async () => {
    const { name, contact_email, privacy_notice_fr, privacy_notice_en } = fields;
    const change = { name, contact_email, privacy_notice_fr, privacy_notice_en };
    const now = await api.changeOrganisation(change);
    setSaved(now);
    setFields(now);
    toast.good(common().saved);
  });
  const part = {
    fields,
    set: (change: Partial<Organisation>) => setFields({ ...fields, ...change }),
    action: save,
  };
  const button = (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {common().save}
    </Button>
  );
  return (
    <Card>
      <Form
        onSubmit={() => save.run()}
        error={save.text(['name', 'contact_email'])}
        footer={button}
      >
        <ContactFields {...part} />
        <PrivacyFields {...part} />
      </Form>
    </Card>
  );
}

interface PartProps {
  fields: Organisation;
  set: (change: Partial<Organisation>) => void;
  action: Action<[]>;
}

function ContactFields({ fields, set, action }: PartProps) {
  const t = organisationTexts();
  return (
    <div class="grid-2">
      <Input
        label={t.name}
        value={fields.name}
        onInput={(name) => set({ name })}
        error={action.field('name')}
        required
        maxLength={200}
      />
      <Input
        label={t.contact}
        type="email"
        value={fields.contact_email}
        onInput={(contact_email) => set({ contact_email })}
        error={action.field('contact_email')}
        hint={t.contactHint}
        required
        maxLength={254}
      />
    </div>
  );
}

function PrivacyFields({ fields, set }: PartProps) {
  const t = organisationTexts();
  return (
    <fieldset>
      <legend>
        <h2 class="card-heading">{t.privacy}</h2>
      </legend>
      <p class="muted small">{t.privacyText}</p>
      <div class="grid-2 consent__texts">
        <Textarea
          label={t.privacyFr}
          rows={8}
          value={fields.privacy_notice_fr}
          onInput={(privacy_notice_fr) => set({ privacy_notice_fr })}
          maxLength={20000}
        />
        <Textarea
          label={t.privacyEn}
          rows={8}
          value={fields.privacy_notice_en}
          onInput={(privacy_notice_en) => set({ privacy_notice_en })}
          maxLength={20000}
        />
      </div>
    </fieldset>
  );
}
