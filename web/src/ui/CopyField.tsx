import { useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { Button } from './Button';
import { Field } from './Field';

/** A value to be copied, such as a registration link. */
export function CopyField({
  label,
  value,
  hideLabel,
}: {
  label: string;
  value: string;
  hideLabel?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  const t = common();
  const copy = async (input: HTMLInputElement | null) => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      input?.select(); // no clipboard here: the person copies the selected text
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2_500);
  };
  return (
    <Field label={label} hideLabel={hideLabel ?? false}>
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
