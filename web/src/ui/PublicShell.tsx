// The frame of pages for people without a staff account, and of sign-in.
import type { ComponentChildren } from 'preact';
import { Brand } from './Brand';
import { LanguageSwitch, ThemeSwitch } from './Preferences';
import { shellTexts } from './texts';
import { useTitle } from './useTitle';

interface PublicShellProps {
  title: string;
  organisation?: { name: string; contact_email: string } | null;
  /** The width of the column; live rooms are wide. */
  width?: 'narrow' | 'reading' | 'room';
  children: ComponentChildren;
}

export function PublicShell({
  title,
  organisation,
  width = 'reading',
  children,
}: PublicShellProps) {
  const t = shellTexts();
  useTitle(title);
  return (
    <>
      <header class="public-head">
        <div class="public-head__name">
          {organisation ? <strong>{organisation.name}</strong> : <Brand />}
        </div>
        <div class="row public-head__tools">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <main class={`public-main public-main--${width}`} id="main" tabIndex={-1}>
        {children}
      </main>
      {organisation && (
        <footer class="public-foot">
          <span>
            {t.organiser} {organisation.name}
          </span>
          <span>
            {t.contact}{' '}
            <a href={`mailto:${organisation.contact_email}`}>{organisation.contact_email}</a>
          </span>
          <Brand />
        </footer>
      )}
    </>
  );
}
