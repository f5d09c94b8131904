// Sending the personal link again: after registering, and for people who lost their mail.
import { useState } from 'preact/hooks';
import { errorText } from '../../i18n/errors';
import { api } from './api';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Input } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { useArrival } from '../../ui/useArrival';
import { registrationTexts } from './texts';

export function SendAgain({ code, known = '' }: { code: string; known?: string }) {
  const t = registrationTexts();
  const [email, setEmail] = useState(known);
  const [state, setState] = useState<'idle' | 'busy' | 'sent'>('idle');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!email.trim() || state === 'busy') return;
    setState('busy');
    setError(null);
    try {
      await api.sendLink(code, email.trim());
      setState('sent');
    } catch (failure) {
      setError(failure);
      setState('idle');
    }
  };
  return (
    <details class="send-again">
      <summary>{t.againTitle}</summary>
      <form class="stack" onSubmit={submit}>
        <p class="muted">{t.againText}</p>
        <Input label={t.email} type="email" autocomplete="email" maxLength={254} value={email} onInput={setEmail} />
        {error !== null && <Banner tone="bad">{errorText(error)}</Banner>}
        {state === 'sent' && <Banner tone="good">{t.sent}</Banner>}
        <div class="row">
          <Button type="submit" icon="mail" busy={state === 'busy'}>
            {t.again}
          </Button>
        </div>
      </form>
    </details>
  );
}

export function Sent({ code, email }: { code: string; email: string }) {
  const t = registrationTexts();
  const here = useArrival<HTMLHeadingElement>();
  return (
    <Card>
      <div class="stack sent">
        <Icon name="mail" size={36} />
        <h2 tabIndex={-1} ref={here}>
          {t.done}
        </h2>
        <p>{t.doneText(email)}</p>
        <p class="muted small">{t.doneHint}</p>
        <SendAgain code={code} known={email} />
      </div>
    </Card>
  );
}
