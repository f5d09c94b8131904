// The frame of the staff pages: navigation at the side, or on top on small screens.
import { batch } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { navigate, place } from '../app/router';
import { unbroken } from '../i18n';
import { api } from '../net/api';
import { forgetMe, hasRole, staff } from '../state/me';
import { askToLeave } from '../state/unsaved';
import { Brand } from './Brand';
import { IconButton } from './Button';
import { Icon, type IconName } from './Icon';
import { LanguageSwitch, ThemeSwitch } from './Preferences';
import { shellTexts } from './texts';
import { toast } from './Toast';
import { useTitle } from './useTitle';

interface NavItem {
  href: string;
  label: string;
  icon: IconName;
  also?: string;
}

function items(): NavItem[] {
  const t = shellTexts();
  const all: NavItem[] = [
    { href: '/congresses', label: t.congresses, icon: 'calendar', also: '/sessions' },
  ];
  if (hasRole('organiser'))
    all.push(
      { href: '/team', label: t.team, icon: 'people' },
      { href: '/organisation', label: t.organisation, icon: 'building' },
      { href: '/audit', label: t.audit, icon: 'scroll' },
    );
  return all;
}

async function leave(): Promise<void> {
  try {
    await api.signOut();
    // At once, so that the page left behind does not ask for a sign-in of its own.
    batch(() => {
      forgetMe();
      navigate('/sign-in');
    });
  } catch (error) {
    toast.error(error);
  }
}

function Navigation() {
  const path = place.value.path;
  return (
    <ul class="plain nav__list">
      {items().map((item) => {
        const here = path.startsWith(item.href) || (item.also && path.startsWith(item.also));
        return (
          <li key={item.href}>
            <a class="nav__link" href={item.href} aria-current={here ? 'page' : undefined}>
              <Icon name={item.icon} />
              {item.label}
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
        <span class="person__text">
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

export function AppShell({ title, subtitle, crumbs, actions, tabs, children }: AppShellProps) {
  const [open, setOpen] = useState(false);
  const t = shellTexts();
  useTitle(title);
  useEffect(() => setOpen(false), [place.value.path]);
  return (
    <div class={`shell${open ? ' shell--open' : ''}`}>
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
                onClick={() => setOpen(!open)}
              />
            </span>
          </div>
          <div class="nav__body" id="navigation">
            <nav aria-label={t.navigation}>
              <Navigation />
            </nav>
            <Person />
          </div>
        </div>
      </header>
      <main class="shell__main" id="main" tabIndex={-1}>
        <header class="page-head">
          {crumbs && <Crumbs crumbs={crumbs} label={t.breadcrumb} />}
          <div class="page-head__row">
            <div class="page-head__title">
              <h1>{unbroken(title)}</h1>
              {subtitle && <div class="page-head__sub">{subtitle}</div>}
            </div>
            {actions && <div class="row">{actions}</div>}
          </div>
          {tabs}
        </header>
        <div class="shell__content">{children}</div>
      </main>
    </div>
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
