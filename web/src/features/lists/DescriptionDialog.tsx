// What is said of a list: its name, where its data come from, and of which day they are.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api, type ListDescription, type TargetList } from './api';
import { listTexts } from './texts';

interface DescriptionProps {
  value: ListDescription;
  onChange: (value: ListDescription) => void;
}

export function DescriptionFields({ value, onChange }: DescriptionProps) {
  const t = listTexts();
  const set = (fields: Partial<ListDescription>) => onChange({ ...value, ...fields });
  return (
    <>
      <Input
        label={t.name}
        value={value.name}
        required
        maxLength={100}
        onInput={(name) => set({ name })}
      />
      <Input
        label={t.source}
        hint={t.sourceHint}
        optional
        value={value.source ?? ''}
        maxLength={300}
        onInput={(source) => set({ source: source || null })}
      />
      <Input
        label={t.asOf}
        type="date"
        optional
        value={value.as_of ?? ''}
        onInput={(as_of) => set({ as_of: as_of || null })}
      />
    </>
  );
}

interface DialogProps {
  list: TargetList;
  onClose: () => void;
  reload: () => Promise<void>;
}

export function DescriptionDialog({ list, onClose, reload }: DialogProps) {
  const [value, setValue] = useState<ListDescription>({
    name: list.name,
    source: list.source,
    as_of: list.as_of,
  });
  const action = useAction(async () => {
    await api.change(list.id, value);
    await reload();
    onClose();
  });
  const t = listTexts();
  return (
    <FormDialog title={t.edit} action={action} submit={common().save} onClose={onClose}>
      <DescriptionFields value={value} onChange={setValue} />
    </FormDialog>
  );
}
