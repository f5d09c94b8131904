import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { signInTexts } from './texts';

const SHORTEST = 12;

interface PasswordFormProps {
  /** The person has a password already and gives it too. */
  needCurrent: boolean;
  onDone: () => void;
}

/** What was typed, and saving it; a password that is too short is not sent. */
function usePassword(needCurrent: boolean, onDone: () => void) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  const save = useAction(async () => {
    await api.setPassword(password, needCurrent ? current : undefined);
    setPassword('');
    setCurrent('');
    toast.good(signInTexts().passwordSaved);
    onDone();
  });
  const submit = () => {
    setShort(password.length < SHORTEST);
    if (password.length >= SHORTEST) void save.run();
  };
  return { current, setCurrent, password, setPassword, short, save, submit };
}

export function PasswordForm({ needCurrent, onDone }: PasswordFormProps) {
  const t = signInTexts();
  const { save, short, ...typed } = usePassword(needCurrent, onDone);
  const secret = { type: 'password', required: true } as const;
  return (
    <Form onSubmit={typed.submit} error={save.text(['password', 'current'])}>
      {needCurrent && (
        <Input
          {...secret}
          label={t.currentPassword}
          autocomplete="current-password"
          value={typed.current}
          onInput={typed.setCurrent}
          error={save.field('current') && t.wrongPassword}
        />
      )}
      <Input
        {...secret}
        label={t.newPassword}
        autocomplete="new-password"
        value={typed.password}
        onInput={typed.setPassword}
        error={short ? t.short : save.field('password') && t.commonPassword}
        hint={t.short}
      />
      <Button type="submit" look="primary" wide busy={save.busy}>
        {t.setButton}
      </Button>
    </Form>
  );
}
