// A page for people whose personal link is needed: it sends the link again, and leads staff to their sign-in.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { PublicShell } from '../../ui/PublicShell';
import { CookieHelp, keepsCookies } from '../../ui/SignInFault';
import { api } from './api';
import { registrationTexts } from './texts';

export function NoLink({ title, children }: { title: string; children: ComponentChildren }) {
  const t = registrationTexts();
  return (
    <PublicShell title={title} width="narrow">
      <div class="stack">
        <h1>{title}</h1>
        {!keepsCookies() && <CookieHelp />}
        <p class="muted">{children}</p>
        <SendMine />
        <p class="muted small">
          {t.staffAsk} <a href="/sign-in">{t.staffSignIn}</a>
        </p>
      </div>
    </PublicShell>
  );
}

function SendMine() {
  const t = registrationTexts();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const send = useAction(async () => {
    await api.sendMine(email.trim());
    setSent(true);
  });
  return (
    <Form onSubmit={() => send.run()} error={send.text()}>
      <Input
        label={t.email}
        hint={t.againText}
        type="email"
        autocomplete="email"
        maxLength={254}
        value={email}
        onInput={setEmail}
        required
      />
      {sent && <Banner tone="good">{t.sent}</Banner>}
      <Button type="submit" icon="mail" wide busy={send.busy}>
        {t.again}
      </Button>
    </Form>
  );
}
