// Addresses to pages. Pages are separate chunks, loaded when they are first visited.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { askToLeave, hasUnsaved } from '../state/unsaved';
import { matchPath, type Params } from './match';

export interface PageProps {
  params: Params;
}
type Module = { default: ComponentType<PageProps> };

export interface Route {
  /** Segments; `:name` takes one segment, `:name?` one or none. */
  path: string;
  load: () => Promise<Module>;
  /** Staff pages send people who are not signed in to the sign-in page. */
  staff?: boolean;
}

export interface Match {
  route: Route;
  params: Params;
}

export function findRoute(routes: readonly Route[], path: string): Match | null {
  for (const route of routes) {
    const params = matchPath(path, route.path);
    if (params) return { route, params };
  }
  return null;
}

export interface Place {
  path: string;
  search: string;
  hash: string;
}

const read = (): Place => ({
  path: location.pathname,
  search: location.search,
  hash: location.hash,
});

const address = ({ path, search, hash }: Place): string => path + search + hash;

export const place = signal<Place>(read());

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  const before = place.value.path;
  place.value = read();
  if (place.value.path !== before) scrollTo(0, 0);
}

function plainLeftClick(event: MouseEvent): boolean {
  return !(
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  );
}

/** Follows links of this site without loading the page again. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    const to = read();
    if (to.path === place.value.path || !hasUnsaved()) {
      place.value = to;
      return;
    }
    // The browser has gone already: back to the form until the person agrees.
    history.pushState(null, '', address(place.value));
    askToLeave(() => navigate(address(to), true));
  });
  addEventListener('hashchange', () => {
    place.value = read();
  });
  document.addEventListener('click', (event) => {
    if (!plainLeftClick(event) || !(event.target instanceof Element)) return;
    const link = event.target.closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin)
      return;
    if (link.pathname.startsWith('/api/')) return;
    if (link.pathname === location.pathname && link.hash) return;
    event.preventDefault();
    askToLeave(() => navigate(link.pathname + link.search + link.hash));
  });
}
