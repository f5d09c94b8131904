// The second factor on one's account page: what there is, and setting it up.
import { useRef, useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import type { StaffMe } from '../../net/types';
import type { Resource } from '../../state/resource';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { ResourceView } from '../../ui/ResourceView';
import { toast } from '../../ui/Toast';
import { api, type Factors } from './api';
import { factorTexts } from './factorTexts';
import { ShownCodes } from './ShownCodes';
import { TotpSetUp } from './TotpSetUp';

const FEW_CODES = 3;

export function SecondFactor({ who, factors: found }: { who: StaffMe; factors: Resource<Factors> }) {
  const t = factorTexts();
  const [open, setOpen] = useState<'set-up' | 'codes' | 'off' | null>(null);
  const close = () => setOpen(null);
  const done = (text: string) => {
    close();
    toast.good(text);
    void found.reload();
  };
  return (
    <Card title={t.title} text={t.lead}>
      <ResourceView of={found} lines={2}>
        {(factors) => (
          <>
            {factors.totp ? (
              <App factors={factors} since={factors.totp.since} onOpen={setOpen} />
            ) : (
              <None factors={factors} onSetUp={() => setOpen('set-up')} />
            )}
            <Codes factors={factors} onRenew={() => setOpen('codes')} />
          </>
        )}
      </ResourceView>
      {open === 'set-up' && <SetUpDialog who={who} onClose={close} onDone={() => done(t.done)} />}
      {open === 'codes' && <CodesDialog who={who} onClose={close} onDone={() => done(t.renewed)} />}
      {open === 'off' && <OffDialog onClose={close} onDone={() => done(t.off)} />}
    </Card>
  );
}

function None({ factors, onSetUp }: { factors: Factors; onSetUp: () => void }) {
  const t = factorTexts();
  const { required, passkeys } = factors;
  return (
    <div class="stack">
      <p>{passkeys.length > 0 ? t.noApp : required ? t.noneRequired : t.none}</p>
      <div class="row">
        <Button look={passkeys.length > 0 ? 'secondary' : 'primary'} icon="lock" onClick={onSetUp}>
          {t.setUp}
        </Button>
      </div>
    </div>
  );
}

interface AppProps {
  factors: Factors;
  since: string;
  onOpen: (what: 'set-up' | 'off') => void;
}

/** The last one cannot be switched off where one is required. */
const mayGo = ({ required, passkeys }: Factors) => !required || passkeys.length > 0;

function App({ factors, since, onOpen }: AppProps) {
  const t = factorTexts();
  return (
    <div class="credentials__row">
      <div>
        <p>{t.app}</p>
        <p class="muted small">{t.since(formatDate(since, null, { dateStyle: 'long' }))}</p>
      </div>
      <div class="row">
        <Button onClick={() => onOpen('set-up')}>{t.change}</Button>
        {mayGo(factors) && (
          <Button look="quiet" onClick={() => onOpen('off')}>
            {t.switchOff}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The recovery codes of whoever has a second factor. */
function Codes({ factors, onRenew }: { factors: Factors; onRenew: () => void }) {
  const t = factorTexts();
  const left = factors.recovery_codes;
  if (!factors.totp && factors.passkeys.length === 0) return null;
  return (
    <div class="credentials__row credentials__row--apart">
      <Badge tone={left > FEW_CODES ? 'neutral' : 'warn'}>
        {left === 0 ? t.noCodes : t.codesLeft(left)}
      </Badge>
      <Button onClick={onRenew}>{t.renew}</Button>
    </div>
  );
}

interface SetUpDialogProps {
  who: StaffMe;
  onClose: () => void;
  onDone: () => void;
}

/** When codes are shown, closing is having kept them: the factor is there. */
function SetUpDialog({ who, onClose, onDone }: SetUpDialogProps) {
  const t = factorTexts();
  const [codes, setCodes] = useState<string[] | null>(null);
  const confirm = async (code: string) => {
    const { recovery_codes } = await api.confirmTotp(code);
    if (recovery_codes) setCodes(recovery_codes);
    else onDone();
  };
  return codes ? (
    <ShownCodes who={who} codes={codes} onDone={onDone} />
  ) : (
    <Dialog key="set-up" title={t.setUpTitle} onClose={onClose}>
      <TotpSetUp begin={api.setUpTotp} confirm={confirm} />
    </Dialog>
  );
}

function OffDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = factorTexts();
  return (
    <ConfirmDialog
      title={t.offTitle}
      text={t.offText}
      action={t.switchOff}
      danger
      onClose={onClose}
      onConfirm={async () => {
        await api.removeTotp();
        onDone();
      }}
    />
  );
}

/** Asks before the codes of before stop working, then shows the new ones. */
function CodesDialog({ who, onClose, onDone }: SetUpDialogProps) {
  const t = factorTexts();
  const [codes, setCodes] = useState<string[] | null>(null);
  const made = useRef(false);
  if (codes) return <ShownCodes who={who} codes={codes} onDone={onDone} />;
  return (
    <ConfirmDialog
      title={t.renew}
      text={t.renewText}
      action={t.renew}
      onClose={() => made.current || onClose()}
      onConfirm={async () => {
        const { recovery_codes } = await api.renewCodes();
        made.current = true;
        setCodes(recovery_codes);
      }}
    />
  );
}
