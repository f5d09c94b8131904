// The fields of a congress, and the dialog that makes one.
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import { common } from '../../i18n/common';
import type { CongressFields } from '../../net/types';
import { type Action, useAction } from '../../state/action';
import { Input, Select, Textarea } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { knownZones } from '../../ui/zone';
import { api } from './api';
import { congressTexts } from './texts';

interface FieldsProps {
  fields: CongressFields;
  onChange: (fields: CongressFields) => void;
  action: Action<[]>;
}

export function CongressFieldset({ fields, onChange, action }: FieldsProps) {
  const t = congressTexts().form;
  const set = (change: Partial<CongressFields>) => onChange({ ...fields, ...change });
  return (
    <fieldset class="form">
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
        <LanguageSelect
          label={t.language}
          value={fields.language}
          onChange={(language) => set({ language })}
        />
        <ZoneSelect
          value={fields.time_zone}
          onChange={(time_zone) => set({ time_zone })}
          error={action.field('time_zone')}
        />
      </div>
    </fieldset>
  );
}

interface ZoneSelectProps {
  value: string;
  onChange: (zone: string) => void;
  error: string | null;
}

function ZoneSelect({ value, onChange, error }: ZoneSelectProps) {
  const t = congressTexts().form;
  const known = knownZones();
  const zones = known.includes(value) ? known : [value, ...known];
  return (
    <Select
      label={t.zone}
      hint={t.zoneHint}
      value={value}
      onChange={onChange}
      error={error}
      options={zones.map((zone) => ({ value: zone, label: zone.replace(/_/g, ' ') }))}
    />
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

/** The fields that show their own errors. */
export const CONGRESS_FIELDS = ['title', 'description', 'time_zone'] as const;

interface CongressDialogProps {
  onClose: () => void;
  onDone: (id: string) => void;
}

export function CongressDialog({ onClose, onDone }: CongressDialogProps) {
  const [fields, setFields] = useState(emptyCongress);
  const save = useAction(async () => onDone((await api.addCongress(fields)).id));
  return (
    <FormDialog
      title={congressTexts().add}
      wide
      action={save}
      fields={CONGRESS_FIELDS}
      submit={common().create}
      onClose={onClose}
    >
      <CongressFieldset fields={fields} onChange={setFields} action={save} />
    </FormDialog>
  );
}
