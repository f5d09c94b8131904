// Setting up an authenticator app: its secret as a QR code and as text, its first code, and the recovery
// codes, which are shown once.
import { useState } from 'preact/hooks';
import { useAction } from '../../state/action';
import { useResource } from '../../state/resource';
import { Button, LinkButton } from '../../ui/Button';
import { CopyField } from '../../ui/CopyField';
import { Form } from '../../ui/Form';
import { Skeleton } from '../../ui/Progress';
import { QrCode } from '../../ui/QrCode';
import { qrOf } from '../../ui/qr';
import { ResourceView } from '../../ui/ResourceView';
import type { TotpSecret } from './api';
import { CodeInput } from './CodeInput';
import { factorTexts } from './factorTexts';
import { inGroups, totpUri } from './totpUri';

interface TotpSetUpProps {
  begin: () => Promise<TotpSecret>;
  confirm: (code: string) => Promise<void>;
}

export function TotpSetUp({ begin, confirm }: TotpSetUpProps) {
  const secret = useResource('totp', begin);
  return (
    <ResourceView of={secret} lines={5}>
      {(found) => (
        <div class="set-up">
          <Secret secret={found} />
          <FirstCode confirm={confirm} />
        </div>
      )}
    </ResourceView>
  );
}

function Secret({ secret }: { secret: TotpSecret }) {
  const t = factorTexts();
  const uri = totpUri(secret);
  const qr = useResource(uri, () => qrOf(uri));
  return (
    <>
      <p>{t.scan}</p>
      {qr.value && <QrCode qr={qr.value} label={t.qr} />}
      {qr.loading && <Skeleton lines={3} tall />}
      <div class="set-up__by-phone">
        <LinkButton icon="external" href={uri}>
          {t.openApp}
        </LinkButton>
      </div>
      <CopyField label={t.typed} value={inGroups(secret.secret)} lines={2} />
    </>
  );
}

function FirstCode({ confirm }: { confirm: (code: string) => Promise<void> }) {
  const t = factorTexts();
  const [code, setCode] = useState('');
  const send = useAction(() => confirm(code));
  return (
    <Form onSubmit={() => send.run()} error={send.text()}>
      <CodeInput label={t.code} value={code} onInput={setCode} />
      <Button type="submit" look="primary" wide busy={send.busy}>
        {t.confirm}
      </Button>
    </Form>
  );
}
