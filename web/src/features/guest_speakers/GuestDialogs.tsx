// Inviting a guest speaker, sending their link again, taking it back.
import { useState } from 'preact/hooks';
import type { Language, Session } from '../../net/types';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { ConfirmDialog } from '../../ui/Dialog';
import { Input, Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LanguageSelect } from '../../ui/LanguageSelect';
import { api, type Guest } from './api';
import { guestTexts } from './texts';

interface InviteProps {
  session: Session;
  congress: string;
  onClose: () => void;
  onDone: (text: string) => void;
}

export function InviteGuest({ session, congress, onClose, onDone }: InviteProps) {
  const t = guestTexts();
  const [speaker, setSpeaker] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [language, setLanguage] = useState<Language>(session.language);
  const programmed = useResource(`programmed ${congress}`, () => api.programmed(congress));
  const people = programmed.value?.items ?? [];
  const choose = (id: string) => {
    setSpeaker(id);
    const chosen = people.find((person) => person.id === id);
    if (chosen) setName(chosen.name);
  };
  const save = useAction(async () => {
    const made = await api.invite(session.id, { name: name.trim(), email: email.trim(), language, ...(speaker && { speaker }) });
    onDone(t.sent(made.email ?? email));
  });
  return (
    <FormDialog title={t.add} action={save} fields={['name', 'email']} submit={t.send} onClose={onClose}>
      <p class="muted">{t.addText}</p>
      {people.length > 0 && (
        <Select
          label={t.who}
          hint={t.whoHint}
          value={speaker}
          onChange={choose}
          placeholder={t.nobody}
          options={people.map(({ id, name: label }) => ({ value: id, label }))}
          optional
        />
      )}
      <Input label={t.name} hint={t.nameHint} value={name} onInput={setName} error={save.field('name')} maxLength={120} autocomplete="off" required />
      <Input label={t.email} type="email" value={email} onInput={setEmail} error={save.field('email')} maxLength={254} autocomplete="off" required />
      <LanguageSelect label={t.language} value={language} onChange={setLanguage} />
    </FormDialog>
  );
}

interface GuestProps {
  what: 'send' | 'takeBack';
  guest: Guest;
  onClose: () => void;
  onDone: (text: string) => void;
}

export function GuestDialog({ what, guest, onClose, onDone }: GuestProps) {
  const t = guestTexts();
  const { id, name } = guest;
  const email = guest.email ?? '';
  const send = what === 'send';
  return (
    <ConfirmDialog
      title={send ? t.again : t.takeBack}
      text={send ? t.againText(name, email) : t.takeBackText(name)}
      action={send ? t.again : t.takeBack}
      danger={!send}
      onClose={onClose}
      onConfirm={async () => {
        await (send ? api.send(id) : api.takeBack(id));
        onDone(send ? t.sent(email) : t.takenBack);
      }}
    />
  );
}
