// The recovery codes of an account, shown once: to copy, to save, and only then to go on.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { Button, LinkButton } from '../../ui/Button';
import { toast } from '../../ui/Toast';
import { factorTexts } from './factorTexts';

interface RecoveryCodesProps {
  codes: string[];
  organisation: string;
  email: string;
  onDone: () => void;
}

export function RecoveryCodes({ codes, organisation, email, onDone }: RecoveryCodesProps) {
  const t = factorTexts();
  const text = `${t.fileHead(organisation, email)}\n\n${codes.join('\n')}\n`;
  return (
    <div class="stack">
      <p>{t.codesText}</p>
      <ol class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code translate={false}>{code}</code>
          </li>
        ))}
      </ol>
      <div class="row">
        <CopyAll text={text} />
        <LinkButton icon="download" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download={t.file}>
          {t.saveCodes}
        </LinkButton>
      </div>
      <Button look="primary" wide onClick={onDone}>
        {t.kept}
      </Button>
    </div>
  );
}

function CopyAll({ text }: { text: string }) {
  const t = factorTexts();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(() => setCopied(true), toast.error);
  return (
    <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
      <span aria-live="polite">{copied ? common().copied : t.copyCodes}</span>
    </Button>
  );
}
