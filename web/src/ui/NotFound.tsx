// A page that does not exist, in the frame of whoever asked for it, with a way on.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { defineTexts } from '../i18n';
import { common } from '../i18n/common';
import { hcp, load, staff } from '../state/me';
import { AppShell } from './AppShell';
import { LinkButton } from './Button';
import { Card } from './Card';
import { EmptyState } from './EmptyState';
import { PageLoading } from './Progress';
import { PublicShell } from './PublicShell';

const notFoundTexts = defineTexts(
  { toCongresses: 'Go to the congresses', toRegistration: 'My registration', toSignIn: 'Sign in' },
  { toCongresses: 'Aller aux congrès', toRegistration: 'Mon inscription', toSignIn: 'Se connecter' },
);

/** Whether it is known who is signed in; where that cannot be found out, nobody is. */
function useAsked(): boolean {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    load('staff')
      .then(() => (staff.value ? undefined : load('hcp')))
      .catch(() => undefined)
      .finally(() => setAsked(true));
  }, []);
  return asked;
}

export default function NotFound() {
  const t = notFoundTexts();
  const asked = useAsked();
  if (staff.value) return <ForStaff />;
  if (!asked) return <PageLoading />;
  const registration = (look: 'primary' | 'secondary') => (
    <LinkButton href="/my" look={look}>
      {t.toRegistration}
    </LinkButton>
  );
  if (hcp.value) return <ForOthers action={registration('primary')} />;
  const signIn = (
    <LinkButton href="/sign-in" look="primary">
      {t.toSignIn}
    </LinkButton>
  );
  return (
    <ForOthers
      action={
        <>
          {signIn}
          {registration('secondary')}
        </>
      }
    />
  );
}

function ForStaff() {
  const t = notFoundTexts();
  return (
    <AppShell title={common().notFound}>
      <Card>
        <div class="stack">
          <p class="muted">{common().notFoundText}</p>
          <p class="row">
            <LinkButton href="/congresses" look="primary">
              {t.toCongresses}
            </LinkButton>
          </p>
        </div>
      </Card>
    </AppShell>
  );
}

function ForOthers({ action }: { action: ComponentChildren }) {
  const t = common();
  return (
    <PublicShell title={t.notFound} width="narrow" organisation={hcp.value?.organisation ?? null}>
      <EmptyState heading icon="search" title={t.notFound} action={action}>
        {t.notFoundText}
      </EmptyState>
    </PublicShell>
  );
}
