// Passkeys on one's account page: those there are, adding one, removing one.
import { useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import type { StaffMe } from '../../net/types';
import { useAction } from '../../state/action';
import type { Resource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog } from '../../ui/Dialog';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type Factors, type Passkey } from './api';
import { hasPasskeys, makePasskey } from './webauthn';
import { passkeyTexts } from './passkeyTexts';
import { ShownCodes } from './ShownCodes';

type Open = 'add' | { remove: Passkey } | { codes: string[] } | null;

export function Passkeys({ who, factors }: { who: StaffMe; factors: Resource<Factors> }) {
  const t = passkeyTexts();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const done = (text: string) => {
    close();
    toast.good(text);
    void factors.reload();
  };
  const added = (codes: string[] | null) => (codes ? setOpen({ codes }) : done(t.added));
  return (
    <Card title={t.title} text={t.lead}>
      <ResourceView of={factors} lines={2}>
        {({ passkeys }) => (
          <div class="stack">
            <List passkeys={passkeys} onRemove={(remove) => setOpen({ remove })} />
            {hasPasskeys() ? (
              <div class="row">
                <Button icon="key" onClick={() => setOpen('add')}>
                  {t.add}
                </Button>
              </div>
            ) : (
              <p class="muted">{t.notHere}</p>
            )}
          </div>
        )}
      </ResourceView>
      {open === 'add' && <AddDialog onClose={close} onDone={added} />}
      {typeof open === 'object' && open && 'remove' in open && (
        <RemovePasskey passkey={open.remove} onClose={close} onDone={() => done(t.removed)} />
      )}
      {typeof open === 'object' && open && 'codes' in open && (
        <ShownCodes who={who} codes={open.codes} onDone={() => done(t.added)} />
      )}
    </Card>
  );
}

function List({ passkeys, onRemove }: { passkeys: Passkey[]; onRemove: (passkey: Passkey) => void }) {
  const t = passkeyTexts();
  const day = (time: string) => formatDate(time, null, { dateStyle: 'long' });
  if (passkeys.length === 0) return <p>{t.none}</p>;
  return (
    <ul class="credentials">
      {passkeys.map((passkey) => (
        <li class="credentials__row" key={passkey.id}>
          <div>
            <p>
              {passkey.name} {passkey.backed_up && <Badge>{t.synced}</Badge>}
            </p>
            <p class="muted small">
              {t.since(day(passkey.created_at))} · {passkey.used_at ? t.used(day(passkey.used_at)) : t.unused}
            </p>
          </div>
          <Button onClick={() => onRemove(passkey)}>
            {t.remove}
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface AddDialogProps {
  onClose: () => void;
  onDone: (codes: string[] | null) => void;
}

function AddDialog({ onClose, onDone }: AddDialogProps) {
  const t = passkeyTexts();
  const [name, setName] = useState('');
  const add = useAction(async () => {
    const made = await makePasskey(await api.askNewPasskey());
    const { recovery_codes } = await api.addPasskey({ name, ...made });
    onDone(recovery_codes);
  });
  return (
    <FormDialog title={t.addTitle} action={add} fields={['name']} submit={t.goOn} onClose={onClose}>
      <p class="muted">{t.addText}</p>
      <Input
        label={t.name}
        hint={t.nameHint}
        value={name}
        onInput={setName}
        error={add.field('name')}
        required
        maxLength={100}
      />
    </FormDialog>
  );
}

interface RemoveProps {
  passkey: Passkey;
  onClose: () => void;
  onDone: () => void;
}

function RemovePasskey({ passkey, onClose, onDone }: RemoveProps) {
  const t = passkeyTexts();
  return (
    <ConfirmDialog
      title={t.removeTitle(passkey.name)}
      text={t.removeText}
      action={t.remove}
      danger
      onClose={onClose}
      onConfirm={async () => {
        await api.removePasskey(passkey.id);
        onDone();
      }}
    />
  );
}
