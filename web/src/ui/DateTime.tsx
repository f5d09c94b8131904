// Date and time in the time zone of the congress, whatever the browser's own zone is.
import { useEffect, useState } from 'preact/hooks';
import { defineTexts } from '../i18n';
import { common } from '../i18n/common';
import { Input } from './Field';
import { fromZone, toZone } from './zone';

const dateTexts = defineTexts(
  { date: 'Date', time: 'Time', zone: (zone: string) => `Time zone: ${zone}` },
  { date: 'Date', time: 'Heure', zone: (zone) => `Fuseau horaire : ${zone}` },
);

interface DateTimeProps {
  label: string;
  value: string; // ISO 8601 UTC, '' when not set
  zone: string;
  onChange: (value: string) => void;
  error?: string | null | undefined;
  /** Before the time zone. */
  hint?: string;
  disabled?: boolean;
}

export function DateTimeField({ label, value, zone, onChange, error, hint, disabled }: DateTimeProps) {
  const t = dateTexts();
  const [parts, setParts] = useState(() => toZone(value, zone));
  useEffect(() => {
    if (fromZone(parts, zone) !== value) setParts(toZone(value, zone));
  }, [value, zone]);
  const change = (next: typeof parts) => {
    setParts(next);
    onChange(fromZone(next, zone));
  };
  return (
    <fieldset class="field" disabled={disabled}>
      <legend class="field__label">{label}</legend>
      <div class="datetime">
        <Input
          label={common().named(label, t.date)}
          hideLabel
          type="date"
          value={parts.date}
          required
          error={error}
          onInput={(date) => change({ ...parts, date })}
        />
        <Input
          label={common().named(label, t.time)}
          hideLabel
          type="time"
          value={parts.time}
          required
          onInput={(time) => change({ ...parts, time })}
        />
      </div>
      <p class="field__hint">
        {hint && `${hint} `}
        {t.zone(zone)}
      </p>
    </fieldset>
  );
}
