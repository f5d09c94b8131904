// Sign-in by mailed link or by password. Mailed links lead to /sign-in#token. The token is used when the
// button is pressed, not when the page opens, because mail scanners open links.
import { useEffect, useState } from 'preact/hooks';
import { navigate, place } from '../../state/place';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { dropLink } from '../../state/link';
import { enteredAs, staff } from '../../state/me';
import { Button } from '../../ui/Button';
import { Input, Segmented } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { Icon } from '../../ui/Icon';
import { PublicShell } from '../../ui/PublicShell';
import { cookieFault, keepsCookies, SignInFault } from '../../ui/SignInFault';
import { api, type Entry, type Half } from './api';
import { HalfStep } from './HalfSteps';
import { hasPasskeys, usePasskey } from './webauthn';
import { passkeyTexts } from './passkeyTexts';
import { PasswordForm } from './PasswordForm';
import { safeTarget } from './target';
import { signInTexts } from './texts';

const enter = () => navigate(safeTarget(place.value.search), true);

/** In, or half in. */
function useEntry(onPassword: () => void) {
  const [half, setHalf] = useState<Half | null>(null);
  useEffect(() => {
    void api.half().then((found) => setHalf(found.half), () => undefined);
  }, []);
  const entered = async (answer: Entry) => {
    if ('half' in answer) {
      setHalf(answer.half);
      return;
    }
    if (!(await enteredAs(answer.me))) throw cookieFault();
    setHalf(null);
    if ((answer.purpose ?? 'sign_in') === 'sign_in') enter();
    else onPassword();
  };
  return { half, entered, startOver: () => setHalf(null) };
}

export default function SignInPage() {
  const [used, setUsed] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const t = signInTexts();
  const { half, entered, startOver } = useEntry(() => setChoosing(true));
  const token = place.value.link;
  useEffect(() => setChoosing(false), [token]); // another link was opened
  const take = async (answer: Entry) => {
    await entered(answer);
    setUsed(token);
  };
  return (
    <PublicShell title={t.title} width="narrow">
      <div class="sign-in">
        {choosing ? (
          <ChoosePassword />
        ) : token !== null && token !== used ? (
          <TokenStep key={token} token={token} onEntry={take} onNew={() => setUsed(token)} />
        ) : half ? (
          <HalfStep half={half} onEntered={entered} onStartOver={startOver} />
        ) : (
          <Credentials onEntry={entered} />
        )}
      </div>
    </PublicShell>
  );
}

interface TokenStepProps {
  token: string;
  onEntry: (entry: Entry) => Promise<void>;
  onNew: () => void;
}

function TokenStep({ token, onEntry, onNew }: TokenStepProps) {
  const t = signInTexts();
  const [spent, setSpent] = useState(false);
  const use = useAction(async () => {
    if (!keepsCookies()) throw cookieFault();
    const answer = await api.signInToken(token);
    dropLink();
    setSpent(true);
    await onEntry(answer);
  });
  const refused = use.error instanceof ApiError && use.error.status === 410;
  if (refused || (spent && use.error !== null))
    return (
      <>
        <h1>{t.tokenFailed}</h1>
        <SignInFault error={use.error} />
        <Button look="primary" wide onClick={onNew}>
          {t.newLink}
        </Button>
      </>
    );
  return (
    <>
      <h1>{t.tokenTitle}</h1>
      <p class="muted">{t.tokenText}</p>
      <SignInFault error={use.error} />
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

function PasskeyButton({ onEntry }: { onEntry: (entry: Entry) => Promise<void> }) {
  const use = useAction(async () => {
    if (!keepsCookies()) throw cookieFault();
    await onEntry(await api.signInByPasskey(await usePasskey(await api.askPasskey())));
  });
  return (
    <div class="stack stack--tight">
      <SignInFault error={use.error} />
      <Button icon="key" wide busy={use.busy} onClick={() => use.run()}>
        {passkeyTexts().signIn}
      </Button>
    </div>
  );
}

type Way = 'link' | 'password';

function Credentials({ onEntry }: { onEntry: (entry: Entry) => Promise<void> }) {
  const t = signInTexts();
  const [way, setWay] = useState<Way>('link');
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (staff.value) enter();
  }, []);
  if (sent) return <Sent email={email} onAgain={() => setSent(false)} />;
  const form = { email, onEmail: setEmail, onSent: () => setSent(true), onEntry };
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
      {hasPasskeys() && <PasskeyButton onEntry={onEntry} />}
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
  onEntry: (entry: Entry) => Promise<void>;
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

function SignInForm({ email, onEmail, onSent, onEntry }: WayProps) {
  const t = signInTexts();
  const [password, setPassword] = useState('');
  const signIn = useAction(async () => {
    if (!keepsCookies()) throw cookieFault();
    await onEntry(await api.signIn(email.trim(), password));
  });
  const reset = useAction(async () => {
    await api.passwordLink(email.trim());
    onSent();
  });
  return (
    <Form onSubmit={() => signIn.run()} error={reset.text()}>
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
      <SignInFault error={signIn.error} />
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
