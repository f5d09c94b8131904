// Which reminders and farewells a congress sends, and how long changes are gathered.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { useUnsaved } from '../../state/unsaved';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Checkbox, Select } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { api, type Mails, type Settings } from './api';
import { mailsTexts } from './texts';

const GATHER = [5, 15, 30, 60, 120, 240];

interface SettingsProps {
  congress: string;
  stored: Settings;
  onSaved: (mails: Mails) => void;
}

export function SettingsCard({ congress, stored, onSaved }: SettingsProps) {
  const t = mailsTexts();
  const [settings, setSettings] = useState(stored);
  const changed = JSON.stringify(settings) !== JSON.stringify(stored);
  useUnsaved(changed);
  const save = useAction(async () => {
    onSaved(await api.set(congress, settings));
    toast.good(t.saved);
  });
  const flag = (name: Exclude<keyof Settings, 'gather_minutes'>) => (
    <Checkbox label={t[name]} checked={settings[name]} onChange={(on) => setSettings({ ...settings, [name]: on })} />
  );
  const known = GATHER.includes(stored.gather_minutes) ? GATHER : [...GATHER, stored.gather_minutes].sort((a, b) => a - b);
  return (
    <Card title={t.sent} text={t.sentHint}>
      <Form
        onSubmit={() => void save.run()}
        error={save.text()}
        footer={
          <Button look="primary" type="submit" busy={save.busy} disabled={!changed}>
            {t.save}
          </Button>
        }
      >
        <div class="mail-settings">
          <Group label={t.remind} hint={t.remindHint}>
            {flag('remind_day')}
            {flag('remind_hour')}
            {flag('remind_minutes')}
          </Group>
          <Group label={t.afterwards} hint={t.afterwardsHint}>
            {flag('thanks')}
            {flag('missed')}
          </Group>
          <Select
            label={t.gather}
            hint={t.gatherHint}
            value={String(settings.gather_minutes)}
            options={known.map((minutes) => ({ value: String(minutes), label: t.gatherFor(minutes) }))}
            onChange={(minutes) => setSettings({ ...settings, gather_minutes: Number(minutes) })}
          />
        </div>
      </Form>
    </Card>
  );
}

function Group({ label, hint, children }: { label: string; hint: string; children: ComponentChildren }) {
  return (
    <fieldset class="field">
      <legend class="field__label">{label}</legend>
      <div class="stack stack--tight">{children}</div>
      <p class="field__hint">{hint}</p>
    </fieldset>
  );
}
