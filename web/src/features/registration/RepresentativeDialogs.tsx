// What is done about the representatives who give links out: a new one, their page again, the end of it.
import { useState } from 'preact/hooks';
import { language } from '../../i18n';
import type { Language } from '../../net/types';
import { useAction } from '../../state/action';
import { ConfirmDialog } from '../../ui/Dialog';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { toast } from '../../ui/Toast';
import { api, type NewRepresentative, type Representative } from './api';
import { representativeTexts } from './representativeTexts';

interface AddProps {
  congress: string;
  onClose: () => void;
  onDone: (text: string) => void;
}

export function AddRepresentative({ congress, onClose, onDone }: AddProps) {
  const t = representativeTexts();
  const [wanted, setWanted] = useState<NewRepresentative>({ name: '', email: '', language: language.value as Language, label: '' });
  const save = useAction(async () => {
    const { name, email, label } = wanted;
    const made = await api.addRepresentative(congress, { ...wanted, name: name.trim(), email: email.trim(), label: label.trim() });
    onDone(t.sent(made.email ?? email));
  });
  const field = (key: 'name' | 'email' | 'label') => ({
    label: t[key],
    value: wanted[key],
    onInput: (value: string) => setWanted((now) => ({ ...now, [key]: value })),
    error: save.field(key),
  });
  return (
    <FormDialog title={t.add} action={save} fields={['name', 'email', 'label']} submit={t.create} onClose={onClose}>
      <p class="muted">{t.addText}</p>
      <Input {...field('name')} hint={t.nameHint} maxLength={100} autocomplete="off" required />
      <Input {...field('email')} type="email" maxLength={254} autocomplete="off" required />
      <LanguageSelect label={t.language} value={wanted.language} onChange={(chosen) => setWanted((now) => ({ ...now, language: chosen }))} />
      <Input {...field('label')} hint={t.labelHint} maxLength={100} autocomplete="off" optional />
    </FormDialog>
  );
}

interface AccessProps {
  what: 'send' | 'end';
  representative: Representative;
  reload: () => Promise<void>;
  onClose: () => void;
}

export function RepresentativeDialog({ what, representative, reload, onClose }: AccessProps) {
  const t = representativeTexts();
  const { link, name, email } = representative;
  const send = what === 'send';
  return (
    <ConfirmDialog
      title={send ? t.again : t.endTitle}
      text={send ? t.againText(name, email ?? '') : t.endText(name)}
      action={send ? t.again : t.end}
      danger={!send}
      onClose={onClose}
      onConfirm={async () => {
        await (send ? api.sendRepresentative(link) : api.endRepresentative(link));
        toast.good(send ? t.sent(email ?? '') : t.ended);
        await reload();
      }}
    />
  );
}
