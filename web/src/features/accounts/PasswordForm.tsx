import { useState } from 'preact/hooks';
import { api } from '../../net/api';
import { useAction } from '../../state/action';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { toast } from '../../ui/Toast';
import { signInTexts } from './texts';

const SHORTEST = 12;

export function PasswordForm({
  needCurrent,
  onDone,
}: {
  needCurrent: boolean;
  onDone: () => void;
}) {
  const t = signInTexts();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  const save = useAction(async () => {
    await api.setPassword(password, needCurrent ? current : undefined);
    setPassword('');
    setCurrent('');
    toast.good(t.passwordSaved);
    onDone();
  });
  const submit = () => {
    setShort(password.length < SHORTEST);
    if (password.length >= SHORTEST) void save.run();
  };
  return (
    <Form onSubmit={submit} error={save.text(['password', 'current'])}>
      {needCurrent && (
        <Input
          label={t.currentPassword}
          type="password"
          autocomplete="current-password"
          value={current}
          onInput={setCurrent}
          error={save.field('current')}
          required
        />
      )}
      <Input
        label={t.newPassword}
        type="password"
        autocomplete="new-password"
        value={password}
        onInput={setPassword}
        error={short ? t.short : save.field('password')}
        hint={t.short}
        required
      />
      <Button type="submit" look="primary" wide busy={save.busy}>
        {t.setButton}
      </Button>
    </Form>
  );
}
