// Where the person is: the address of the page, and how to go to another one.
import { signal } from '@preact/signals';
import { linkEntry, linkToken } from './link';

export interface Place {
  path: string;
  search: string;
  hash: string;
  /** The token of the mailed link that was opened here. */
  link: string | null;
}

/** What the address bar says now. */
export const readPlace = (): Place =>
  typeof location === 'undefined'
    ? { path: '/', search: '', hash: '', link: null }
    : {
        path: location.pathname,
        search: location.search,
        hash: location.hash,
        link: linkToken(),
      };

export const place = signal<Place>(readPlace());

/**
 * Goes to an address of this site; `replace` leaves no entry in the browser's history. `token`: of a link that the page
 * takes as if it had been mailed.
 */
export function navigate(to: string, replace = false, token?: string): void {
  const entry = token ? linkEntry(token) : null;
  if (replace) history.replaceState(entry, '', to);
  else history.pushState(entry, '', to);
  const before = place.value.path;
  place.value = readPlace();
  if (place.value.path !== before) scrollTo(0, 0);
}
