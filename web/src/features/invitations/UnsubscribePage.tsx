// /unsubscribe#token: the link in an invitation by which an address gets no more of them. Opening it changes nothing.
import { useAction } from '../../state/action';
import type { Resource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { MailedPage } from '../../ui/MailedPage';
import { PublicShell } from '../../ui/PublicShell';
import { api, type OptOut } from './api';
import { optOutTexts } from './optOutTexts';

export default function UnsubscribePage() {
  const t = optOutTexts();
  return (
    <MailedPage name="opt out" load={api.optOut} unknown={{ title: t.unknown, text: t.unknownText }}>
      {(now, found, token) => <Choice token={token} now={now} found={found} />}
    </MailedPage>
  );
}

interface ChoiceProps {
  token: string;
  now: OptOut;
  found: Resource<OptOut>;
}

function Choice({ token, now, found }: ChoiceProps) {
  const t = optOutTexts();
  const out = now.opted_out;
  const { name } = now.organisation;
  const change = useAction(async () => found.set(await api.setOptOut(token, !out)));
  const fault = change.text();
  return (
    <PublicShell title={t.title} width="narrow" organisation={now.organisation}>
      <div class="stack">
        <h1>{out ? t.isOut : t.title}</h1>
        <p class="muted" role="status">
          {out ? t.isOutText(name) : t.text(name)}
        </p>
        {fault && <Banner tone="bad">{fault}</Banner>}
        <Button look={out ? 'secondary' : 'primary'} wide busy={change.busy} onClick={() => void change.run()}>
          {out ? t.undo : t.action}
        </Button>
        <p class="muted small">{t.mails}</p>
      </div>
    </PublicShell>
  );
}
