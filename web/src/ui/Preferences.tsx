// Language and appearance, for both shells.
import { language, setLanguage } from '../i18n';
import { common } from '../i18n/common';
import { setTheme, type Theme, theme } from '../state/theme';
import { IconButton } from './Button';

const other = { fr: 'en', en: 'fr' } as const;

export function LanguageSwitch({ onSwitch }: { onSwitch?: (next: 'fr' | 'en') => void }) {
  const next = other[language.value];
  const name = next === 'fr' ? 'Français' : 'English';
  return (
    <button
      type="button"
      class="button button--quiet button--small"
      lang={next}
      onClick={() => {
        setLanguage(next);
        onSwitch?.(next);
      }}
    >
      {name}
    </button>
  );
}

export function ThemeSwitch() {
  const dark =
    theme.value === 'dark' ||
    (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const next: Theme = dark ? 'light' : 'dark';
  const t = common().theme;
  return (
    <IconButton
      icon={dark ? 'sun' : 'moon'}
      label={common().named(t.label, t[next])}
      onClick={() => setTheme(next)}
    />
  );
}
