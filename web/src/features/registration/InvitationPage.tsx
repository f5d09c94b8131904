// /invitation#token: a personal invitation. It opens the form with what is known of the person, and confirms itself.
import { useEffect, useState } from 'preact/hooks';
import { languageChosen, setLanguage } from '../../i18n';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { loadCodes } from '../../state/codes';
import { place } from '../../state/place';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { api, type OpenInvitation, type RegistrationPage } from './api';
import { invitationTexts } from './invitationTexts';
import { HeldNote } from './HeldNote';
import type { Held } from './joining';
import { NoLink } from './NoLink';
import { Registration } from './RegisterPage';
import { SendAgain } from './SendAgain';
import { registrationTexts } from './texts';

export default function InvitationPage() {
  const t = registrationTexts();
  const token = place.value.link;
  if (token) return <WithToken key={token} token={token} />;
  return <NoLink title={t.noToken}>{t.noTokenText}</NoLink>;
}

interface Opened {
  known: OpenInvitation;
  code: string;
  page: RegistrationPage;
}

async function open(token: string): Promise<Opened> {
  const known = await api.openInvitation(token);
  const code = known.page.replace('/r/', '');
  const [page] = await Promise.all([api.registrationPage(code), loadCodes()]);
  return { known, code, page };
}

function WithToken({ token }: { token: string }) {
  const t = invitationTexts();
  const opened = useResource(`invitation ${token}`, () => open(token));
  const wanted = opened.value?.known.language;
  useEffect(() => {
    if (wanted && !languageChosen()) setLanguage(wanted, false);
  }, [wanted]);
  if (opened.loading) return <PageLoading />;
  if (opened.value) return <Invitation token={token} {...opened.value} />;
  if (opened.error instanceof ApiError && opened.error.status === 410) return <NoLink title={t.expired}>{t.expiredText}</NoLink>;
  return <ErrorState error={opened.error} onRetry={opened.reload} page />;
}

const nameOf = ({ first_name, last_name }: OpenInvitation) => `${first_name} ${last_name}`.trim();

function Invitation({ token, known, code, page }: Opened & { token: string }) {
  const t = invitationTexts();
  const [held, setHeld] = useState<Held | null>(null);
  const [declined, setDeclined] = useState(known.state === 'declined');
  const shell = { title: page.congress.title, width: 'narrow' as const, organisation: page.organisation };
  if (held !== null)
    return (
      <PublicShell {...shell}>
        <HeldNote name={nameOf(known)} held={held} />
      </PublicShell>
    );
  if (known.state === 'registered' || known.state === 'waiting')
    return (
      <PublicShell {...shell}>
        <div class="stack stack--wide">
          <EmptyState heading icon="checkCircle" title={t.already}>
            {t.alreadyText}
          </EmptyState>
          <SendAgain code={code} />
        </div>
      </PublicShell>
    );
  return (
    <Registration code={code} page={page} invited={{ token, known, onHeld: setHeld }}>
      <Greeting token={token} known={known} declined={declined} onDecline={setDeclined} />
    </Registration>
  );
}

interface GreetingProps {
  token: string;
  known: OpenInvitation;
  declined: boolean;
  onDecline: (declined: boolean) => void;
}

/** Whom the invitation is for, and how to decline it. */
function Greeting({ token, known, declined, onDecline }: GreetingProps) {
  const t = invitationTexts();
  const decline = useAction(async () => {
    await api.decline(token, !declined);
    onDecline(!declined);
  });
  const button = (
    <Button busy={decline.busy} onClick={() => void decline.run()}>
      {declined ? t.undo : t.decline}
    </Button>
  );
  if (declined)
    return (
      <Banner tone="good" title={t.declined} action={button}>
        {decline.text() ?? t.declinedText}
      </Banner>
    );
  return (
    <Card title={t.hello(nameOf(known))} text={t.text} actions={button}>
      <p class="muted small">{decline.text() ?? t.personal}</p>
    </Card>
  );
}
