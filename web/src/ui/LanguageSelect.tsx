import { common } from '../i18n/common';
import type { Language } from '../net/types';
import { Select } from './Field';

interface LanguageSelectProps {
  label: string;
  value: Language;
  onChange: (language: Language) => void;
  /** Shows each language by its own name; for a person who chooses a language of their own. */
  ownNames?: boolean;
}

const OWN_NAMES = { fr: 'Français', en: 'English' } as const;

export function LanguageSelect({ label, value, onChange, ownNames = false }: LanguageSelectProps) {
  const names = ownNames ? OWN_NAMES : common().languages;
  return (
    <Select
      label={label}
      value={value}
      onChange={(next) => onChange(next as Language)}
      options={[
        { value: 'fr', label: names.fr },
        { value: 'en', label: names.en },
      ]}
    />
  );
}
