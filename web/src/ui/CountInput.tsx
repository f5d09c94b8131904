import { Input } from './Field';

interface CountInputProps {
  label: string;
  hint?: string | undefined;
  /** At least 1. */
  value: number | null;
  onChange: (count: number | null) => void;
}

/** How many people, where that may be left open. */
export function CountInput({ label, hint, value, onChange }: CountInputProps) {
  return (
    <Input
      type="number"
      inputMode="numeric"
      min={1}
      label={label}
      hint={hint}
      optional
      value={value === null ? '' : String(value)}
      onInput={(text) => onChange(text === '' ? null : Number(text))}
    />
  );
}
