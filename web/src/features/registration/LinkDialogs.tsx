// What is done to a registration link.
import { useState } from 'preact/hooks';
import { codeLabel } from '../../i18n';
import { common } from '../../i18n/common';
import { useAction } from '../../state/action';
import { codes } from '../../state/codes';
import { ConfirmDialog } from '../../ui/Dialog';
import { Input, Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { RemoveDialog } from '../../ui/RemoveDialog';
import { toast } from '../../ui/Toast';
import { api, type RegistrationLink, type Representative } from './api';
import { nameOf } from './links';
import { QrDialog } from './QrDialog';
import { AddRepresentative, RepresentativeDialog } from './RepresentativeDialogs';
import { linkTexts } from './staffTexts';

export type Doing =
  | { what: 'add' }
  | { what: 'representative' }
  | { what: 'send' | 'end'; representative: Representative }
  | { what: 'rename' | 'close' | 'reopen' | 'remove' | 'qr'; link: RegistrationLink };

interface DialogsProps {
  doing: Doing;
  congress: string;
  /** Of the congress. */
  title: string;
  reload: () => Promise<void>;
  onClose: () => void;
}

export function LinkDialogs({ doing, congress, title, reload, onClose }: DialogsProps) {
  const t = linkTexts();
  const done = (text: string) => {
    onClose();
    toast.good(text);
    void reload();
  };
  if (doing.what === 'add')
    return <AddDialog congress={congress} onClose={onClose} onDone={() => done(t.created)} />;
  if (doing.what === 'representative') return <AddRepresentative congress={congress} onClose={onClose} onDone={done} />;
  if ('representative' in doing) return <RepresentativeDialog {...doing} reload={reload} onClose={onClose} />;
  const { link } = doing;
  switch (doing.what) {
    case 'rename':
      return <RenameDialog link={link} onClose={onClose} onDone={() => done(common().saved)} />;
    case 'qr':
      return <QrDialog link={link} title={title} onClose={onClose} />;
    case 'remove':
      return (
        <RemoveDialog
          title={t.remove}
          text={t.removeText(nameOf(link))}
          remove={() => api.removeLink(link.id)}
          reload={reload}
          onClose={onClose}
        />
      );
    default:
      return <SwitchDialog link={link} onClose={onClose} reload={reload} />;
  }
}

interface LabelFieldProps {
  value: string;
  onInput: (value: string) => void;
  error: string | null;
}

function LabelField(props: LabelFieldProps) {
  const t = linkTexts();
  return <Input label={t.label} optional hint={t.labelHint} maxLength={100} {...props} />;
}

interface AddProps {
  congress: string;
  onClose: () => void;
  onDone: () => void;
}

function AddDialog({ congress, onClose, onDone }: AddProps) {
  const t = linkTexts();
  const channels = codes.value?.channel ?? [];
  const [channel, setChannel] = useState('');
  const [label, setLabel] = useState('');
  const save = useAction(async () => {
    await api.addLink(congress, channel, label.trim());
    onDone();
  });
  return (
    <FormDialog
      title={t.add}
      action={save}
      fields={['label']}
      submit={t.create}
      onClose={onClose}
    >
      <Select
        label={t.channel}
        value={channel}
        onChange={setChannel}
        placeholder={t.choose}
        required
        options={channels.map(({ code }) => ({ value: code, label: codeLabel(channels, code) }))}
      />
      <LabelField value={label} onInput={setLabel} error={save.field('label')} />
    </FormDialog>
  );
}

interface LinkProps {
  link: RegistrationLink;
  onClose: () => void;
}

function RenameDialog({ link, onClose, onDone }: LinkProps & { onDone: () => void }) {
  const t = linkTexts();
  const [label, setLabel] = useState(link.label);
  const save = useAction(async () => {
    await api.changeLink(link.id, { label: label.trim() });
    onDone();
  });
  return (
    <FormDialog title={t.rename} action={save} fields={['label']} submit={common().save} onClose={onClose}>
      <p class="muted">{t.renameText}</p>
      <LabelField value={label} onInput={setLabel} error={save.field('label')} />
    </FormDialog>
  );
}

function SwitchDialog({ link, onClose, reload }: LinkProps & { reload: () => Promise<void> }) {
  const t = linkTexts();
  const open = !link.open;
  return (
    <ConfirmDialog
      title={open ? t.reopenTitle : t.closeTitle}
      text={open ? t.reopenText(nameOf(link)) : t.closeText(nameOf(link))}
      action={open ? t.reopen : t.close}
      danger={!open}
      onClose={onClose}
      onConfirm={async () => {
        await api.changeLink(link.id, { open });
        toast.good(open ? t.reopened : t.closedDone);
        await reload();
      }}
    />
  );
}
