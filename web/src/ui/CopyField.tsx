import { useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { Button } from './Button';
import { Field } from './Field';

const SAYS_COPIED_MS = 2_500;

/** Copies the value. Without a clipboard it selects the text, so that the person can copy it. */
function useCopy(value: string) {
  const [copied, setCopied] = useState(false);
  const copy = async (input: HTMLInputElement | null) => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      input?.select();
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), SAYS_COPIED_MS);
  };
  return { copied, copy };
}

interface CopyFieldProps {
  label: string;
  value: string;
  hideLabel?: boolean;
}

/** A value to be copied, such as a registration link. */
export function CopyField({ label, value, hideLabel = false }: CopyFieldProps) {
  const t = common();
  const { copied, copy } = useCopy(value);
  return (
    <Field label={label} hideLabel={hideLabel}>
      {({ id }) => (
        <div class="copy-field">
          <input
            id={id}
            class="input"
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
          />
          <Button
            icon={copied ? 'check' : 'copy'}
            onClick={() => copy(document.getElementById(id) as HTMLInputElement | null)}
          >
            <span aria-live="polite">{copied ? t.copied : t.copy}</span>
          </Button>
        </div>
      )}
    </Field>
  );
}
