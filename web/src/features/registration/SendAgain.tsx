// Sending the personal link again: after registering, and for people who lost their mail.
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { useArrival } from '../../ui/useArrival';
import { api } from './api';
import { registrationTexts } from './texts';

export function SendAgain({ code }: { code: string }) {
  const t = registrationTexts();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const send = useAction(async () => {
    setSent(false);
    await api.sendLink(code, email.trim());
    setSent(true);
  });
  return (
    <details class="send-again">
      <summary>{t.againTitle}</summary>
      <Form class="stack" onSubmit={() => send.run()} error={send.text(['email'])}>
        <p class="muted">{t.againText}</p>
        <Input
          label={t.email}
          type="email"
          autocomplete="email"
          maxLength={254}
          required
          value={email}
          onInput={setEmail}
          error={send.field('email')}
        />
        {sent && <Banner tone="good">{t.sent}</Banner>}
        <div class="row">
          <Button type="submit" icon="mail" busy={send.busy}>
            {t.again}
          </Button>
        </div>
      </Form>
    </details>
  );
}

export function Sent({ email, review }: { email: string; review: boolean }) {
  const t = registrationTexts();
  const here = useArrival<HTMLHeadingElement>();
  return (
    <Card>
      <div class="stack sent">
        <Icon name="mail" size={36} />
        <h2 tabIndex={-1} ref={here}>
          {t.done}
        </h2>
        <p>{review ? t.doneReview(email) : t.doneText(email)}</p>
        <p class="muted small">{t.doneHint}</p>
      </div>
    </Card>
  );
}
