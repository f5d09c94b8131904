// The registration links of a congress, one for each channel.
import { useState } from 'preact/hooks';
import { codeLabel, formatNumber } from '../../i18n';
import { useAction } from '../../state/action';
import { codes, loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { CopyField } from '../../ui/CopyField';
import { EmptyState } from '../../ui/EmptyState';
import { Input, Select } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import type { CongressTabProps } from '../feature';
import { api, type RegistrationLink } from './api';
import { linkTexts } from './staffTexts';

export default function LinksTab({ congress: { id } }: CongressTabProps) {
  const [adding, setAdding] = useState(false);
  const found = useResource(`links ${id}`, async () => {
    const [list] = await Promise.all([api.links(id), loadCodes()]);
    return list.items;
  });
  const created = () => {
    setAdding(false);
    toast.good(linkTexts().created);
    void found.reload();
  };
  return (
    <ResourceView of={found}>
      {(links) => (
        <>
          <Links links={links} onAdd={() => setAdding(true)} />
          {adding && (
            <LinkDialog congress={id} onClose={() => setAdding(false)} onDone={created} />
          )}
        </>
      )}
    </ResourceView>
  );
}

function Links({ links, onAdd }: { links: RegistrationLink[]; onAdd: () => void }) {
  const t = linkTexts();
  const add = (
    <Button look="primary" icon="add" onClick={onAdd}>
      {t.add}
    </Button>
  );
  if (links.length === 0)
    return (
      <Card>
        <EmptyState icon="link" title={t.empty} action={add}>
          {t.emptyText}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={t.title} text={t.lead} actions={add} flush>
      <ul class="plain link-list">
        {links.map((link) => (
          <li key={link.id}>
            <LinkRow link={link} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function LinkRow({ link }: { link: RegistrationLink }) {
  const t = linkTexts();
  const channel = codeLabel(codes.value?.channel, link.channel);
  return (
    <div class="link-row">
      <div class="link-row__name">
        <Badge tone="accent">{channel}</Badge>
        {link.label && <strong>{link.label}</strong>}
        <span class="muted small number">
          <strong>{formatNumber(link.registered)}</strong> {t.registered(link.registered)}
        </span>
      </div>
      <div class="link-row__link">
        <CopyField label={`${t.link}: ${channel} ${link.label}`} hideLabel value={link.url} />
        <LinkButton href={link.url} look="quiet" icon="external" newTab>
          <span class="visually-hidden">{t.open}</span>
        </LinkButton>
      </div>
    </div>
  );
}

interface LinkDialogProps {
  congress: string;
  onClose: () => void;
  onDone: () => void;
}

function LinkDialog({ congress, onClose, onDone }: LinkDialogProps) {
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
      <Input
        label={t.label}
        optional
        hint={t.labelHint}
        value={label}
        onInput={setLabel}
        error={save.field('label')}
        maxLength={100}
      />
    </FormDialog>
  );
}
