// A page that acts on the token of a personal link. It acts when its button is pressed, never when it
// opens, because mail scanners open links too. The token is in the fragment, which browsers send to no
// server, and is removed from the address at once.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { errorText } from '../../i18n/errors';
import { Banner } from '../../ui/Banner';
import { Button, type ButtonLook } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { PublicShell } from '../../ui/PublicShell';
import { registrationTexts } from './texts';

let token: string | null = null;

function takeToken(): string | null {
  const found = location.hash.slice(1);
  if (/^[A-Za-z0-9_-]{43}$/.test(found)) {
    token = found;
    history.replaceState(null, '', location.pathname);
  }
  return token;
}

interface LinkPageProps {
  title: string;
  text: string;
  action: string;
  look: ButtonLook;
  run: (token: string) => Promise<void>;
  done?: ComponentChildren;
}

export function LinkPage({ title, text, action, look, run, done }: LinkPageProps) {
  const t = registrationTexts();
  const [mine] = useState(takeToken);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [error, setError] = useState<unknown>(null);
  const act = async () => {
    if (!mine) return;
    setState('busy');
    setError(null);
    try {
      await run(mine);
      setState('done');
    } catch (failure) {
      setError(failure);
      setState('idle');
    }
  };
  return (
    <PublicShell title={title} width="narrow">
      {!mine ? (
        <EmptyState heading icon="link" title={t.noToken}>
          {t.noTokenText}
        </EmptyState>
      ) : state === 'done' && done ? (
        done
      ) : (
        <div class="stack">
          <h1>{title}</h1>
          <p class="muted">{text}</p>
          {error !== null && <Banner tone="bad">{errorText(error)}</Banner>}
          <Button look={look} wide busy={state === 'busy'} onClick={act}>
            {action}
          </Button>
        </div>
      )}
    </PublicShell>
  );
}
