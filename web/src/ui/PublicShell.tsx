// The frame of pages for people without a staff account, and of sign-in.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Organiser } from '../net/types';
import { Brand } from './Brand';
import { brand } from './accent';
import { Icon } from './Icon';
import { LanguageSwitch, ThemeSwitch } from './Preferences';
import { shellTexts } from './texts';
import { useTitle } from './useTitle';
import { Verbatim } from './Verbatim';

interface PublicShellProps {
  title: string;
  organisation?: Organiser | null;
  /** For whom the page is. */
  person?: string | undefined;
  /** The width of the column; live rooms are wide. */
  width?: 'narrow' | 'reading' | 'room';
  children: ComponentChildren;
}

export function PublicShell(props: PublicShellProps) {
  const { title, organisation, width = 'reading' } = props;
  useTitle(title);
  useAccent(organisation?.accent ?? null);
  return (
    <>
      <Head {...props} />
      <main class={`public-main public-main--${width}`} id="main" tabIndex={-1}>
        {props.children}
      </main>
      {organisation && <Foot {...organisation} />}
    </>
  );
}

function useAccent(accent: string | null): void {
  useEffect(() => {
    brand.value = accent;
    return () => {
      brand.value = null;
    };
  }, [accent]);
}

function Head({ organisation, person }: PublicShellProps) {
  return (
    <header class="public-head">
      <div class="public-head__name">
        {organisation ? <Signature {...organisation} /> : <Brand />}
        {person && (
          <span class="public-head__person">
            <Icon name="user" size={14} />
            <span class="visually-hidden">{shellTexts().signedInAs} </span>
            <span class="public-head__who" translate={false}>
              {person}
            </span>
          </span>
        )}
      </div>
      <div class="row public-head__tools">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Foot({ name, contact_email }: Organiser) {
  const t = shellTexts();
  return (
    <footer class="public-foot">
      <span>
        {t.organiser} <Verbatim>{name}</Verbatim>
      </span>
      <span>
        {t.contact}{' '}
        <a translate={false} href={`mailto:${contact_email}`}>
          {contact_email}
        </a>
      </span>
      <Brand />
    </footer>
  );
}

function Signature({ name, logo }: Organiser) {
  if (!logo) return <strong translate={false}>{name}</strong>;
  return <img class="public-head__logo" src={logo} alt={name} />;
}
