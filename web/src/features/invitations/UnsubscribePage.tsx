// /unsubscribe#token: the link in an invitation by which an address gets no more of them. Opening it changes nothing.
import { useEffect } from 'preact/hooks';
import { languageChosen, setLanguage } from '../../i18n';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { place } from '../../state/place';
import { type Resource, useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { api, type OptOut } from './api';
import { optOutTexts } from './optOutTexts';

export default function UnsubscribePage() {
  const token = place.value.link;
  return token ? <WithToken key={token} token={token} /> : <Unknown />;
}

function Unknown() {
  const t = optOutTexts();
  return (
    <PublicShell title={t.unknown} width="narrow">
      <EmptyState heading icon="link" title={t.unknown}>
        {t.unknownText}
      </EmptyState>
    </PublicShell>
  );
}

function WithToken({ token }: { token: string }) {
  const found = useResource(`opt out ${token}`, () => api.optOut(token));
  const wanted = found.value?.language;
  useEffect(() => {
    if (wanted && !languageChosen()) setLanguage(wanted, false);
  }, [wanted]);
  if (found.value) return <Choice token={token} now={found.value} found={found} />;
  if (found.loading) return <PageLoading />;
  if (found.error instanceof ApiError && found.error.status === 410) return <Unknown />;
  return <ErrorState error={found.error} onRetry={found.reload} page />;
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
