import { Input } from './Field';

interface RateInputProps {
  label: string;
  hint?: string;
  /** From 0 to 1. */
  value: number | null;
  onChange: (share: number | null) => void;
}

/** A share, entered in percent with one decimal. */
export function RateInput({ label, hint, value, onChange }: RateInputProps) {
  return (
    <Input
      type="number"
      inputMode="decimal"
      min={0.1}
      max={100}
      step="0.1"
      unit="%"
      label={label}
      hint={hint}
      optional
      value={value === null ? '' : String(Math.round(value * 1000) / 10)}
      onInput={(text) => onChange(text === '' ? null : Number(text) / 100)}
    />
  );
}
