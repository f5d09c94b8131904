import { useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { Button } from './Button';
import { Field } from './Field';

const SAYS_COPIED_MS = 2_500;

/** Copies the value. Without a clipboard it selects the text, so that the person can copy it. */
function useCopy(value: string) {
  const [copied, setCopied] = useState(false);
  const copy = async (input: HTMLInputElement | HTMLTextAreaElement | null) => {
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
  /** It must be read, too: on as many lines as it takes. */
  lines?: number;
}

/** A value to be copied, such as a registration link. */
export function CopyField({ label, value, hideLabel = false, lines = 1 }: CopyFieldProps) {
  const t = common();
  const { copied, copy } = useCopy(value);
  return (
    <Field label={label} hideLabel={hideLabel}>
      {({ id }) => (
        <div class="copy-field">
          {lines > 1 ? (
            <textarea
              id={id}
              class="input input--area"
              rows={lines}
              readOnly
              value={value}
              onFocus={(event) => event.currentTarget.select()}
            />
          ) : (
            <input
              id={id}
              class="input"
              readOnly
              value={value}
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
          <Button
            icon={copied ? 'check' : 'copy'}
            onClick={() => copy(document.querySelector<HTMLInputElement | HTMLTextAreaElement>(`#${CSS.escape(id)}`))}
          >
            <span aria-live="polite">{copied ? t.copied : t.copy}</span>
          </Button>
        </div>
      )}
    </Field>
  );
}
