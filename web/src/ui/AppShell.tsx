// The frame of the staff pages: navigation at the side, or on top on small screens.
import { batch } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { unbroken } from '../i18n';
import { forget, hasRole, signOut, staff } from '../state/me';
import { navigate, place } from '../state/place';
import { askToLeave } from '../state/unsaved';
import { Brand } from './Brand';
import { IconButton } from './Button';
import { Icon } from './Icon';
import { Navigation } from './navigation';
import { LanguageSwitch, ThemeSwitch } from './Preferences';
import { shellTexts } from './texts';
import { toast } from './Toast';
import { useTitle } from './useTitle';

async function leave(): Promise<void> {
  try {
    await signOut('staff');
    // In one step: otherwise the page that is left would ask for a sign-in itself.
    batch(() => {
      forget('staff');
      navigate('/sign-in');
    });
  } catch (error) {
    toast.error(error);
  }
}

function NavigationList() {
  const path = place.value.path;
  const items = useContext(Navigation).filter(({ roles }) => !roles || hasRole(...roles));
  return (
    <ul class="plain nav__list">
      {items.map(({ href, also, icon, label }) => {
        const here = path.startsWith(href) || (also && path.startsWith(also));
        return (
          <li key={href}>
            <a class="nav__link" href={href} aria-current={here ? 'page' : undefined}>
              <Icon name={icon} />
              {label()}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Person() {
  const who = staff.value;
  const t = shellTexts();
  if (!who) return null;
  const initials = who.account.name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('');
  return (
    <div class="person">
      <a class="person__card" href="/account" title={t.account}>
        <span class="person__initials" aria-hidden="true">
          {initials}
        </span>
        <span class="person__text" translate={false}>
          <strong>{who.account.name}</strong>
          <span>{who.organisation.name}</span>
        </span>
      </a>
      <div class="person__tools">
        <LanguageSwitch />
        <ThemeSwitch />
        <IconButton icon="signOut" label={t.signOut} onClick={() => askToLeave(() => void leave())} />
      </div>
    </div>
  );
}

export interface Crumb {
  label: string;
  href: string;
}

interface AppShellProps {
  title: string;
  /** Beside or below the title: state, dates. */
  subtitle?: ComponentChildren;
  crumbs?: Crumb[];
  actions?: ComponentChildren;
  tabs?: ComponentChildren;
  children: ComponentChildren;
}

export function AppShell(props: AppShellProps) {
  const [open, setOpen] = useState(false);
  useTitle(props.title);
  const own = staff.value?.account.guest_of;
  const away = own && !place.value.path.startsWith(`/sessions/${own}`); // a link opens one session and no other page of staff
  useEffect(() => {
    if (away) navigate(`/host/${own}`, true);
  }, [away]);
  useEffect(() => setOpen(false), [place.value.path]);
  if (away) return null;
  return (
    <div class={`shell${open ? ' shell--open' : ''}`}>
      <Side open={open} onToggle={() => setOpen(!open)} />
      <main class="shell__main" id="main" tabIndex={-1}>
        <PageHead {...props} />
        <div class="shell__content">{props.children}</div>
      </main>
    </div>
  );
}

function Side({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const t = shellTexts();
  return (
    <header class="nav">
      <div class="nav__stick">
        <div class="nav__top">
          <Brand href="/congresses" />
          <span class="nav__toggle">
            <IconButton
              icon={open ? 'close' : 'menu'}
              label={t.menu}
              expanded={open}
              controls="navigation"
              onClick={onToggle}
            />
          </span>
        </div>
        <div class="nav__body" id="navigation">
          <nav aria-label={t.navigation}>
            <NavigationList />
          </nav>
          <Person />
        </div>
      </div>
    </header>
  );
}

function PageHead({ title, subtitle, crumbs, actions, tabs }: AppShellProps) {
  return (
    <header class="page-head">
      {crumbs && <Crumbs crumbs={crumbs} label={shellTexts().breadcrumb} />}
      <div class="page-head__row">
        <div class="page-head__title">
          <h1>{unbroken(title)}</h1>
          {subtitle && <div class="page-head__sub">{subtitle}</div>}
        </div>
        {actions && <div class="row">{actions}</div>}
      </div>
      {tabs}
    </header>
  );
}

function Crumbs({ crumbs, label }: { crumbs: Crumb[]; label: string }) {
  return (
    <nav class="crumbs" aria-label={label}>
      <ol class="plain">
        {crumbs.map((crumb) => (
          <li key={crumb.href}>
            <a href={crumb.href}>{crumb.label}</a>
            <Icon name="chevronRight" size={14} />
          </li>
        ))}
      </ol>
    </nav>
  );
}
