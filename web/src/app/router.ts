// Finds the page of an address, and follows links of this site without loading it again.
import type { Page } from '../features/feature';
import { takeLink } from '../state/link';
import { navigate, type Place, place, readPlace } from '../state/place';
import { askToLeave, hasUnsaved } from '../state/unsaved';
import { matchPath, type Params } from './match';

export interface Match {
  page: Page;
  params: Params;
}

export function findPage(pages: readonly Page[], path: string): Match | null {
  for (const page of pages) {
    const params = matchPath(path, page.path);
    if (params) return { page, params };
  }
  return null;
}

const address = ({ path, search, hash }: Place): string => path + search + hash;

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

/** The browser's back or forward button was pressed. */
function historyMoved(): void {
  takeLink();
  const to = readPlace();
  if (to.path === place.value.path || !hasUnsaved()) {
    place.value = to;
    return;
  }
  // The address has changed already: it is put back until the person agrees.
  history.pushState(null, '', address(place.value));
  askToLeave(() => navigate(address(to), true));
}

/** The link that was clicked, if a page of this application shows its target; null otherwise. */
function ownLink(event: MouseEvent): HTMLAnchorElement | null {
  if (!plainLeftClick(event) || !(event.target instanceof Element)) return null;
  const link = event.target.closest('a');
  if (!link || link.target || link.hasAttribute('download')) return null;
  if (link.origin !== location.origin || /^\/(api|programme)\//.test(link.pathname)) return null;
  const withinPage = link.pathname === location.pathname && link.hash !== '';
  return withinPage ? null : link;
}

export function startRouter(): void {
  const read = () => {
    takeLink();
    place.value = readPlace();
  };
  read();
  addEventListener('popstate', historyMoved);
  addEventListener('hashchange', read);
  document.addEventListener('click', (event) => {
    const link = ownLink(event);
    if (!link) return;
    event.preventDefault();
    askToLeave(() => navigate(link.pathname + link.search + link.hash));
  });
}
