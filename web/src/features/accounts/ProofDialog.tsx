// Shows once more who is at the page: by the password, by a code of the app, by a recovery code, or by a
// code that is mailed to whoever has none of these. Then goes on with what was begun.
import { useState } from 'preact/hooks';
import { errorText } from '../../i18n/errors';
import { useAction } from '../../state/action';
import { answerAll } from '../../state/proof';
import { useResource } from '../../state/resource';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Input } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { ResourceView } from '../../ui/ResourceView';
import { useFocusInside } from '../../ui/useFocusInside';
import { api, type ProofWay } from './api';
import { CodeInput } from './CodeInput';
import { factorTexts } from './factorTexts';
import { usePasskey } from './webauthn';
import { passkeyTexts } from './passkeyTexts';
import { proofTexts } from './proofTexts';

export default function ProofDialog() {
  const t = proofTexts();
  const found = useResource('proof', api.proof);
  return (
    <Dialog title={t.title} onClose={() => answerAll(false)}>
      <div class="stack">
        <p class="muted">{t.lead}</p>
        <ResourceView of={found} lines={2}>
          {({ ways }) => <Ways ways={ways} />}
        </ResourceView>
      </div>
    </Dialog>
  );
}

function Ways({ ways }: { ways: ProofWay[] }) {
  const t = proofTexts();
  const [way, setWay] = useState(ways.includes('passkey') ? 'passkey' : (ways[0] ?? 'mail'));
  return (
    <>
      {way === 'password' && <ByPassword />}
      {way === 'passkey' && <ByPasskey />}
      {way === 'mail' && <ByMail />}
      {(way === 'totp' || way === 'recovery') && <ByCode key={way} way={way} />}
      {ways
        .filter((other) => other !== way)
        .map((other) => (
          <Button key={other} look="quiet" wide onClick={() => setWay(other)}>
            {t.use[other]}
          </Button>
        ))}
    </>
  );
}

function ByPassword() {
  const t = proofTexts();
  const [password, setPassword] = useState('');
  const show = useAction(async () => {
    await api.proveByPassword(password);
    answerAll(true);
  });
  const ref = useFocusInside<HTMLDivElement>();
  return (
    <div ref={ref}>
      <Form onSubmit={() => show.run()} error={show.text(['password'])}>
        <Input
          type="password"
          label={t.password}
          autocomplete="current-password"
          value={password}
          onInput={setPassword}
          error={show.field('password') && t.wrongPassword}
          required
        />
        <Submit busy={show.busy} />
      </Form>
    </div>
  );
}

function ByPasskey() {
  const show = useAction(async () => {
    await api.proveByPasskey(await usePasskey(await api.askProofPasskey()));
    answerAll(true);
  });
  return (
    <>
      {show.error !== null && <Banner tone="bad">{show.text()}</Banner>}
      <Button look="primary" icon="key" wide busy={show.busy} onClick={() => show.run()}>
        {passkeyTexts().use}
      </Button>
    </>
  );
}

function Submit({ busy }: { busy: boolean }) {
  return (
    <Button type="submit" look="primary" wide busy={busy}>
      {proofTexts().goOn}
    </Button>
  );
}

function ByCode({ way }: { way: 'totp' | 'recovery' | 'mail' }) {
  const t = factorTexts();
  const [code, setCode] = useState('');
  const show = useAction(async () => {
    await api.proveByCode(code);
    answerAll(true);
  });
  const label = { totp: t.code, recovery: t.recovery, mail: proofTexts().mailedCode }[way];
  return (
    <Form onSubmit={() => show.run()} error={show.text()}>
      <CodeInput label={label} letters={way === 'recovery'} value={code} onInput={setCode} autoFocus />
      <Submit busy={show.busy} />
    </Form>
  );
}

function ByMail() {
  const t = proofTexts();
  const [sent, setSent] = useState(false);
  const send = useAction(async () => {
    await api.mailProof();
    setSent(true);
  });
  return (
    <>
      {sent && (
        <>
          <Banner tone="info">{t.sent}</Banner>
          <ByCode way="mail" />
        </>
      )}
      {send.error !== null && <Banner tone="bad">{errorText(send.error)}</Banner>}
      <Button look={sent ? 'quiet' : 'primary'} wide busy={send.busy} onClick={() => send.run()}>
        {sent ? t.sendAgain : t.send}
      </Button>
    </>
  );
}
