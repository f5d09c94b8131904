// The second step of a sign-in: a code of the app, or setting the app up where the organisation wants that.
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/Form';
import { api, type Entered, type Half } from './api';
import { CodeInput } from './CodeInput';
import { factorTexts } from './factorTexts';
import { usePasskey } from './webauthn';
import { passkeyTexts } from './passkeyTexts';
import { RecoveryCodes } from './RecoveryCodes';
import { TotpSetUp } from './TotpSetUp';

interface HalfStepProps {
  half: Half;
  onEntered: (entered: Entered) => Promise<void> | void;
  onStartOver: () => void;
}

export function HalfStep(props: HalfStepProps) {
  return props.half.needs === 'code' ? <CodeStep {...props} /> : <SetUpStep {...props} />;
}

function useStartOver(then: () => void) {
  return useAction(async () => {
    await api.dropHalf();
    then();
  });
}

function CodeStep(props: HalfStepProps) {
  const { half, onStartOver } = props;
  const t = factorTexts();
  const has = (way: Half['ways'][number]) => half.ways.includes(way);
  const [recovery, setRecovery] = useState(false);
  const startOver = useStartOver(onStartOver);
  const byCode = recovery || has('totp');
  return (
    <>
      <header class="stack stack--tight">
        <h1>{t.stepTitle}</h1>
        <p class="muted">
          {recovery ? t.recoveryText : has('passkey') ? passkeyTexts().stepText : t.stepText}
        </p>
      </header>
      {has('passkey') && !recovery && <ByPasskey {...props} />}
      {byCode && <ByCode key={recovery ? 'recovery' : 'app'} {...props} recovery={recovery} focus={recovery || !has('passkey')} />}
      {has('recovery') && (recovery ? half.ways.length > 1 : true) && (
        <Button look="quiet" wide onClick={() => setRecovery(!recovery)}>
          {recovery ? t.back : t.useRecovery}
        </Button>
      )}
      {recovery && <p class="muted small">{t.lost}</p>}
      <Button look="quiet" wide busy={startOver.busy} onClick={() => startOver.run()}>
        {t.startOver}
      </Button>
    </>
  );
}

function ByPasskey({ onEntered }: HalfStepProps) {
  const use = useAction(async () =>
    onEntered(await api.signInByPasskey(await usePasskey(await api.askPasskey()))),
  );
  return (
    <div class="stack">
      {use.error !== null && <Banner tone="bad">{use.text()}</Banner>}
      <Button look="primary" icon="key" wide busy={use.busy} onClick={() => use.run()}>
        {passkeyTexts().use}
      </Button>
    </div>
  );
}

interface ByCodeProps extends HalfStepProps {
  recovery: boolean;
  focus: boolean;
}

function ByCode({ onEntered, recovery, focus }: ByCodeProps) {
  const t = factorTexts();
  const [code, setCode] = useState('');
  const finish = useAction(async () => onEntered(await api.finishHalf(code)));
  return (
    <Form onSubmit={() => finish.run()} error={finish.text()}>
      <CodeInput
        label={recovery ? t.recovery : t.code}
        letters={recovery}
        value={code}
        onInput={setCode}
        autoFocus={focus}
      />
      <Button type="submit" look={focus ? 'primary' : 'secondary'} wide busy={finish.busy}>
        {t.signIn}
      </Button>
    </Form>
  );
}

function SetUpStep({ onEntered, onStartOver }: HalfStepProps) {
  const t = factorTexts();
  const [entered, setEntered] = useState<(Entered & { codes: string[] }) | null>(null);
  const startOver = useStartOver(onStartOver);
  const confirm = async (code: string) => {
    const { recovery_codes, ...answer } = await api.confirmAtHalf(code);
    if (recovery_codes) setEntered({ ...answer, codes: recovery_codes });
    else await onEntered(answer);
  };
  if (entered)
    return (
      <>
        <h1>{t.codesTitle}</h1>
        <RecoveryCodes
          codes={entered.codes}
          organisation={entered.me.organisation.name}
          email={entered.me.account.email ?? ''}
          onDone={() => void onEntered(entered)}
        />
      </>
    );
  return (
    <>
      <header class="stack stack--tight">
        <h1>{t.setUpTitle}</h1>
        <p class="muted">{t.setUpRequired}</p>
      </header>
      <TotpSetUp begin={api.setUpAtHalf} confirm={confirm} />
      <Button look="quiet" wide busy={startOver.busy} onClick={() => startOver.run()}>
        {t.startOver}
      </Button>
    </>
  );
}
