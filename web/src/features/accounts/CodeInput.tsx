import { Input } from '../../ui/Field';
import { useFocusInside } from '../../ui/useFocusInside';

interface CodeInputProps {
  label: string;
  hint?: string;
  value: string;
  onInput: (code: string) => void;
  /** Letters, too: a recovery code. */
  letters?: boolean;
  /** It takes the place of what had the focus. */
  autoFocus?: boolean;
}

/** A code, as an app or a mail shows it; blanks and hyphens do not matter. */
export function CodeInput({ letters = false, autoFocus = false, ...rest }: CodeInputProps) {
  const ref = useFocusInside<HTMLSpanElement>(autoFocus);
  return (
    <span class="code-input" ref={ref}>
      <Input
        {...rest}
        name="code"
        autocomplete={letters ? 'off' : 'one-time-code'}
        inputMode={letters ? 'text' : 'numeric'}
        maxLength={letters ? 40 : 12}
        required
      />
    </span>
  );
}
