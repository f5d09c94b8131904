import { useId, useState } from 'preact/hooks';
import { codeLabel, formatNumber } from '../../i18n';
import { common } from '../../i18n/common';
import { api } from '../../net/api';
import type { RegistrationLink } from '../../net/types';
import { useAction } from '../../state/action';
import { codes, loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button, LinkButton } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { CopyField } from '../../ui/CopyField';
import { Dialog } from '../../ui/Dialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Input, Select } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Skeleton } from '../../ui/Progress';
import { toast } from '../../ui/Toast';
import { linkTexts } from './staffTexts';

export function LinksTab({ congress }: { congress: string }) {
  const t = linkTexts();
  const [adding, setAdding] = useState(false);
  const found = useResource(`links ${congress}`, async () => {
    const [list] = await Promise.all([api.links(congress), loadCodes()]);
    return list.items;
  });
  const add = (
    <Button look="primary" icon="add" onClick={() => setAdding(true)}>
      {t.add}
    </Button>
  );
  if (found.error !== null) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.value) return <Skeleton lines={3} tall />;
  return (
    <>
      {found.value.length === 0 ? (
        <Card>
          <EmptyState icon="link" title={t.empty} action={add}>
            {t.emptyText}
          </EmptyState>
        </Card>
      ) : (
        <Card title={t.title} text={t.lead} actions={add} flush>
          <ul class="plain link-list">
            {found.value.map((link) => (
              <li key={link.id}>
                <LinkRow link={link} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {adding && (
        <LinkDialog
          congress={congress}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            toast.good(t.created);
            void found.reload();
          }}
        />
      )}
    </>
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
  const form = useId();
  const channels = codes.value?.channel ?? [];
  const [channel, setChannel] = useState('');
  const [label, setLabel] = useState('');
  const save = useAction(async () => {
    await api.addLink(congress, channel, label.trim());
    onDone();
  });
  const footer = (
    <>
      <Button onClick={onClose}>{common().cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={save.busy}>
        {t.create}
      </Button>
    </>
  );
  return (
    <Dialog title={t.add} onClose={onClose} footer={footer}>
      <Form id={form} onSubmit={() => save.run()} error={save.text(['label'])}>
        <Select
          label={t.channel}
          value={channel}
          onChange={setChannel}
          placeholder={t.choose}
          required
          options={channels.map((item) => ({
            value: item.code,
            label: codeLabel(channels, item.code),
          }))}
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
      </Form>
    </Dialog>
  );
}
