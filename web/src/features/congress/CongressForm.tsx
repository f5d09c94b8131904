import { useId, useState } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { CongressFields, Language } from '../../net/types';
import { type Action, useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Input, Select, Textarea } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { knownZones } from '../../ui/zone';
import { congressTexts } from './texts';

interface FieldsProps {
  fields: CongressFields;
  onChange: (fields: CongressFields) => void;
  action: Action<[]>;
  disabled?: boolean;
}

export function CongressFieldset({ fields, onChange, action, disabled = false }: FieldsProps) {
  const t = congressTexts().form;
  const c = common();
  const set = (change: Partial<CongressFields>) => onChange({ ...fields, ...change });
  const zones = knownZones();
  const all = zones.includes(fields.time_zone) ? zones : [fields.time_zone, ...zones];
  return (
    <fieldset class="form" disabled={disabled}>
      <Input
        label={t.title}
        value={fields.title}
        onInput={(title) => set({ title })}
        error={action.field('title')}
        required
        maxLength={200}
      />
      <Textarea
        label={t.description}
        optional
        hint={t.descriptionHint}
        value={fields.description}
        onInput={(description) => set({ description })}
        error={action.field('description')}
        maxLength={5000}
      />
      <div class="grid-2">
        <Select
          label={t.language}
          value={fields.language}
          onChange={(next) => set({ language: next as Language })}
          options={[
            { value: 'fr', label: c.languages.fr },
            { value: 'en', label: c.languages.en },
          ]}
        />
        <Select
          label={t.zone}
          hint={t.zoneHint}
          value={fields.time_zone}
          onChange={(time_zone) => set({ time_zone })}
          error={action.field('time_zone')}
          options={all.map((zone) => ({ value: zone, label: zone.replace(/_/g, ' ') }))}
        />
      </div>
    </fieldset>
  );
}

function emptyCongress(): CongressFields {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    title: '',
    description: '',
    language: language.value,
    time_zone: own && own !== 'UTC' ? own : 'Europe/Paris',
  };
}

const FIELDS = ['title', 'description', 'time_zone'] as const;

export function CongressDialog(props: { onClose: () => void; onDone: (id: string) => void }) {
  const t = congressTexts();
  const c = common();
  const form = useId();
  const [fields, setFields] = useState(emptyCongress);
  const save = useAction(async () => {
    const { id } = await api.addCongress(fields);
    props.onDone(id);
  });
  const footer = (
    <>
      <Button onClick={props.onClose}>{c.cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {c.create}
      </Button>
    </>
  );
  return (
    <Dialog title={t.add} wide onClose={props.onClose} footer={footer}>
      <Form id={form} onSubmit={() => save.run()} error={save.text(FIELDS)}>
        <CongressFieldset fields={fields} onChange={setFields} action={save} />
      </Form>
    </Dialog>
  );
}
