// Sign-in by mailed link or by password. Mailed links lead to /sign-in#token. The token is used when the
// button is pressed, not when the page opens, because mail scanners open links; it is removed from the
// address bar at once.
import { useEffect, useState } from 'preact/hooks';
import { navigate, place } from '../../state/place';
import { errorText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { me, signedIn } from '../../state/me';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Input, Segmented } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { PublicShell } from '../../ui/PublicShell';
import { api } from './api';
import { PasswordForm } from './PasswordForm';
import { safeTarget } from './target';
import { signInTexts } from './texts';

const enter = () => navigate(safeTarget(place.value.search), true);

export default function SignInPage() {
  const [token, setToken] = useState(() => place.value.hash.slice(1));
  const [choosing, setChoosing] = useState(false);
  const t = signInTexts();
  useEffect(() => {
    const next = place.value.hash.slice(1);
    if (!next) return;
    setToken(next);
    history.replaceState(null, '', place.value.path + place.value.search);
  }, [place.value.hash]);
  return (
    <PublicShell title={t.title} width="narrow">
      <div class="sign-in">
        {choosing ? (
          <ChoosePassword />
        ) : token ? (
          <TokenStep
            token={token}
            onPassword={() => setChoosing(true)}
            onNew={() => setToken('')}
          />
        ) : (
          <Credentials />
        )}
      </div>
    </PublicShell>
  );
}

interface TokenStepProps {
  token: string;
  onPassword: () => void;
  onNew: () => void;
}

function TokenStep({ token, onPassword, onNew }: TokenStepProps) {
  const t = signInTexts();
  const use = useAction(async () => {
    const answer = await api.signInToken(token);
    signedIn(answer.me);
    if (answer.purpose === 'sign_in') enter();
    else onPassword();
  });
  if (use.error !== null)
    return (
      <>
        <h1>{t.tokenFailed}</h1>
        <Banner tone="warn">{errorText(use.error)}</Banner>
        <Button look="primary" wide onClick={onNew}>
          {t.newLink}
        </Button>
      </>
    );
  return (
    <>
      <h1>{t.tokenTitle}</h1>
      <p class="muted">{t.tokenText}</p>
      <Button look="primary" wide iconEnd="arrowRight" busy={use.busy} onClick={() => use.run()}>
        {t.tokenButton}
      </Button>
    </>
  );
}

function ChoosePassword() {
  const t = signInTexts();
  return (
    <>
      <h1>{t.setTitle}</h1>
      <p class="muted">{t.setText}</p>
      <PasswordForm needCurrent={false} onDone={enter} />
      <Button look="quiet" wide onClick={enter}>
        {t.later}
      </Button>
    </>
  );
}

type Way = 'link' | 'password';

function Credentials() {
  const t = signInTexts();
  const [way, setWay] = useState<Way>('link');
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (me.value?.kind === 'staff') enter();
  }, []);
  if (sent) return <Sent email={email} onAgain={() => setSent(false)} />;
  const form = { email, onEmail: setEmail, onSent: () => setSent(true) };
  return (
    <>
      <header class="stack stack--tight">
        <h1>{t.title}</h1>
        <p class="muted">{t.lead}</p>
      </header>
      <Segmented
        label={t.title}
        hideLabel
        value={way}
        onChange={(value) => setWay(value as Way)}
        options={[
          { value: 'link', label: t.byLink },
          { value: 'password', label: t.byPassword },
        ]}
      />
      {way === 'link' ? <LinkForm {...form} /> : <SignInForm {...form} />}
      <p class="sign-in__note">
        <Icon name="info" size={18} />
        <span>{t.participants}</span>
      </p>
    </>
  );
}

interface EmailProps {
  email: string;
  onEmail: (email: string) => void;
}

interface WayProps extends EmailProps {
  /** A mail is on its way. */
  onSent: () => void;
}

function EmailField({ email, onEmail }: EmailProps) {
  return (
    <Input
      label={signInTexts().email}
      type="email"
      name="email"
      autocomplete="username"
      value={email}
      onInput={onEmail}
      required
      maxLength={254}
    />
  );
}

function LinkForm({ email, onEmail, onSent }: WayProps) {
  const send = useAction(async () => {
    await api.signInLink(email.trim());
    onSent();
  });
  return (
    <Form onSubmit={() => send.run()} error={send.text()}>
      <EmailField email={email} onEmail={onEmail} />
      <Button type="submit" look="primary" wide busy={send.busy}>
        {signInTexts().sendLink}
      </Button>
    </Form>
  );
}

function SignInForm({ email, onEmail, onSent }: WayProps) {
  const t = signInTexts();
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    signedIn((await api.signIn(email.trim(), password)).me);
    enter();
  });
  const reset = useAction(async () => {
    await api.passwordLink(email.trim());
    onSent();
  });
  return (
    <Form onSubmit={() => signIn.run()} error={signIn.text() ?? reset.text()}>
      <EmailField email={email} onEmail={onEmail} />
      <Input
        label={t.password}
        type="password"
        name="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
        required
      />
      <Button type="submit" look="primary" wide busy={signIn.busy}>
        {t.signIn}
      </Button>
      <Button look="quiet" wide busy={reset.busy} disabled={!email} onClick={() => reset.run()}>
        {t.forgot}
      </Button>
    </Form>
  );
}

function Sent({ email, onAgain }: { email: string; onAgain: () => void }) {
  const t = signInTexts();
  return (
    <>
      <span class="empty__icon">
        <Icon name="mail" size={26} />
      </span>
      <h1>{t.sent}</h1>
      <p class="muted" role="status">
        {t.sentText(email)}
      </p>
      <Button wide onClick={onAgain}>
        {t.again}
      </Button>
    </>
  );
}
