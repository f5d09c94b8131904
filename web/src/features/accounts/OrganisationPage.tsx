import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { Organisation } from '../../net/types';
import { useAction } from '../../state/action';
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
      <Card title={t.consents} text={t.consentsText}>
        <Consents />
      </Card>
    </AppShell>
  );
}

function Settings({ organisation }: { organisation: Organisation }) {
  const t = organisationTexts();
  const c = common();
  const [saved, setSaved] = useState(organisation);
  const [fields, setFields] = useState(organisation);
  const changed = JSON.stringify(fields) !== JSON.stringify(saved);
  useUnsaved(changed);
  const set = (change: Partial<Organisation>) => setFields({ ...fields, ...change });
  const save = useAction(async () => {
    const { name, contact_email, privacy_notice_fr, privacy_notice_en } = fields;
    const change = { name, contact_email, privacy_notice_fr, privacy_notice_en };
    const now = await api.changeOrganisation(change);
    setSaved(now);
    setFields(now);
    toast.good(c.saved);
  });
  const button = (
    <Button type="submit" look="primary" busy={save.busy} disabled={!changed}>
      {c.save}
    </Button>
  );
  return (
    <Card>
      <Form
        onSubmit={() => save.run()}
        error={save.text(['name', 'contact_email'])}
        footer={button}
      >
        <div class="grid-2">
          <Input
            label={t.name}
            value={fields.name}
            onInput={(name) => set({ name })}
            error={save.field('name')}
            required
            maxLength={200}
          />
          <Input
            label={t.contact}
            type="email"
            value={fields.contact_email}
            onInput={(contact_email) => set({ contact_email })}
            error={save.field('contact_email')}
            hint={t.contactHint}
            required
            maxLength={254}
          />
        </div>
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
      </Form>
    </Card>
  );
}
