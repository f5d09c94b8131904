// Another e-mail address: a code is mailed there, and typed here.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { errorField, fieldText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { api, type MyProfile } from './api';
import { myTexts } from './myTexts';

interface AddressDialogProps {
  profile: MyProfile;
  /** A code is on its way. */
  onAsked: (profile: MyProfile) => void;
  onDone: (profile: MyProfile) => void;
  onClose: () => void;
}

export function AddressDialog(props: AddressDialogProps) {
  const [again, setAgain] = useState(false);
  const { new_email } = props.profile;
  if (new_email && !again) return <CodeStep {...props} sentTo={new_email} onAgain={() => setAgain(true)} />;
  const asked = (profile: MyProfile) => {
    setAgain(false);
    props.onAsked(profile);
  };
  return <AddressStep {...props} onAsked={asked} />;
}

function AddressStep({ profile, onAsked, onClose }: AddressDialogProps) {
  const t = myTexts();
  const [email, setEmail] = useState(profile.new_email ?? '');
  const ask = useAction(async () => onAsked(await api.askForAddress(email.trim())));
  const fault = () => {
    if (errorField(ask.error) !== 'email') return null;
    const same = ask.error instanceof ApiError && ask.error.reason === 'unchanged';
    return same ? t.sameAddress : fieldText(ask.error);
  };
  return (
    <FormDialog title={t.changeAddress} action={ask} fields={['email']} submit={t.sendCode} onClose={onClose}>
      <p class="muted">{t.changeAddressText}</p>
      <Input
        key="email"
        label={t.newAddress}
        type="email"
        autocomplete="email"
        maxLength={254}
        required
        value={email}
        onInput={setEmail}
        error={fault()}
      />
    </FormDialog>
  );
}

interface CodeStepProps extends AddressDialogProps {
  sentTo: string;
  onAgain: () => void;
}

function CodeStep({ sentTo, onAgain, onDone, onClose }: CodeStepProps) {
  const t = myTexts();
  const [code, setCode] = useState('');
  const confirm = useAction(async () => onDone(await api.confirmAddress(code.trim())));
  return (
    <FormDialog
      title={t.changeAddress}
      action={confirm}
      fields={['code']}
      submit={common().confirm}
      onClose={onClose}
    >
      <p class="muted">{t.codeSent(sentTo)}</p>
      <Input
        key="code"
        label={t.code}
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={12}
        required
        value={code}
        onInput={setCode}
        error={errorField(confirm.error) === 'code' ? t.wrongCode : null}
        hint={t.codeHint}
      />
      <div class="row">
        <Button look="quiet" small icon="mail" onClick={onAgain}>
          {t.codeAgain}
        </Button>
      </div>
    </FormDialog>
  );
}
