// A page that acts on the token of a personal link. It acts when its button is pressed, never when it
// opens, because mail scanners open links too. Each link that is opened in the tab begins anew.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { dropLink } from '../../state/link';
import { place } from '../../state/place';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button, type ButtonLook, LinkButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { SignInFault } from '../../ui/SignInFault';
import { api, type LinkPreview } from './api';
import { NoLink } from './NoLink';
import { Occasion } from './Occasion';
import { registrationTexts } from './texts';

/** What a page says and does about a link that works. */
export interface LinkAct {
  title: string;
  text: string;
  action: string;
  look: ButtonLook;
  /** Between the text and the button. */
  children?: ComponentChildren;
  /** The button cannot be pressed yet. */
  disabled?: boolean;
}

interface LinkPageProps {
  title: string;
  act: (preview: LinkPreview) => LinkAct;
  run: (token: string, preview: LinkPreview) => Promise<void>;
  done?: (preview: LinkPreview) => ComponentChildren;
}

export function LinkPage(props: LinkPageProps) {
  const t = registrationTexts();
  const token = place.value.link;
  if (token) return <WithToken key={token} {...props} token={token} />;
  return <NoLink title={t.noToken}>{t.noTokenText}</NoLink>;
}

function WithToken(props: LinkPageProps & { token: string }) {
  const t = registrationTexts();
  const preview = useResource(`link ${props.token}`, () => api.preview(props.token));
  if (preview.loading) return <PageLoading />;
  if (preview.value) return <Act {...props} preview={preview.value} />;
  if (preview.error instanceof ApiError && preview.error.status === 410) return <NoLink title={t.expired}>{t.expiredText}</NoLink>;
  return <ErrorState error={preview.error} onRetry={preview.reload} page />;
}

type ActProps = LinkPageProps & { token: string; preview: LinkPreview };

function Act({ token: mine, preview, title, act, run, done }: ActProps) {
  const [over, setOver] = useState(false);
  const action = useAction(async () => {
    await run(mine, preview);
    dropLink();
    setOver(true);
  });
  const shown = act(preview);
  return (
    <PublicShell title={title} width="narrow" organisation={preview.organisation}>
      {over && done ? (
        done(preview)
      ) : (
        <div class="stack">
          <h1>{shown.title}</h1>
          <Occasion congress={preview.congress} sessions={preview.sessions} />
          <p class="muted">{shown.text}</p>
          {shown.children}
          <SignInFault error={action.error} />
          <Button look={shown.look} wide busy={action.busy} disabled={shown.disabled ?? false} onClick={() => void action.run()}>
            {shown.action}
          </Button>
        </div>
      )}
    </PublicShell>
  );
}

/** Where to register for the event of a link. */
export function RegisterAgain({ preview }: { preview: LinkPreview }) {
  return (
    <div class="row">
      <LinkButton look="primary" href={preview.page}>
        {registrationTexts().registerAgain}
      </LinkButton>
    </div>
  );
}

/** What an organiser wrote to them, in their own words. */
export function Said({ title, words, children }: { title: string; words: string; children?: ComponentChildren }) {
  return (
    <Banner silent title={title}>
      <p class="prewrap" translate={false}>
        {words}
      </p>
      {children && <p>{children}</p>}
    </Banner>
  );
}

/** Of somebody whom an organiser declined. */
export function declined({ message, organisation }: LinkPreview): LinkAct {
  const t = registrationTexts();
  return {
    title: t.declinedTitle,
    text: t.declinedText(organisation.contact_email),
    action: t.registerAgain,
    look: 'secondary',
    children: message && <Said title={t.told} words={message} />,
  };
}

/** They are in review no more. */
export function Withdrawn({ preview }: { preview: LinkPreview }) {
  const t = registrationTexts();
  return (
    <EmptyState heading icon="checkCircle" title={t.withdrawn} action={<RegisterAgain preview={preview} />}>
      {t.withdrawnText}
    </EmptyState>
  );
}

/** They wait no more. */
export function LeftList({ preview }: { preview: LinkPreview }) {
  const t = registrationTexts();
  return (
    <EmptyState heading icon="checkCircle" title={t.left} action={<RegisterAgain preview={preview} />}>
      {t.leftText}
    </EmptyState>
  );
}
