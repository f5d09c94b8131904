// The token of a mailed link. It comes in the fragment, which browsers send to no server. It is taken out
// of the address at once and kept in this entry of the tab's history: it is there after a reload, after
// Back, and when a tab was discarded; each entry has its own, and nothing else in the browser sees it.

const PAGES = 'join|cancel|sign-in|invitation|unsubscribe|representative|speaker';
/** The page, whatever came before the fragment, and the fragment. */
const LINK = new RegExp(`^(/(?:${PAGES}))(?![A-Za-z0-9_-])([^#]*)#(.*)$`);
const TOKEN = /[A-Za-z0-9_-]{43}/;
const INVISIBLE = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/g;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const ESCAPED_TIMES = 3;

export interface Link {
  /** The page, without the token. */
  address: string;
  token: string;
}

interface Entry {
  link?: unknown;
}

function decode(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes; // not UTF-8
  }
}

function unescaped(text: string): string {
  let plain = text;
  for (let i = 0; i < ESCAPED_TIMES; i++) plain = plain.replace(ESCAPES, decode);
  return plain;
}

/**
 * Reads an address that may be a mailed link, as mail programs and security gateways alter them: with
 * the # escaped, with signs of the sentence, parameters or line breaks behind the token. Null: it is none.
 */
export function readLink(pathname: string, search: string, hash: string): Link | null {
  const whole = unescaped(pathname + search + hash).replace(INVISIBLE, '');
  const [, page, , rest] = LINK.exec(whole) ?? [];
  const token = rest && TOKEN.exec(rest)?.[0];
  if (!page || !token) return null;
  const own = !unescaped(search).includes('#') && pathname.startsWith(page) && !unescaped(pathname).includes('#');
  return { address: own ? page + search : page, token };
}

/** Takes the token of a link that was opened out of the address. */
export function takeLink(): void {
  const link = readLink(location.pathname, location.search, location.hash);
  if (link) history.replaceState({ link: link.token } satisfies Entry, '', link.address);
}

/** The token of this entry of the history. */
export function linkToken(): string | null {
  const { link } = (history.state ?? {}) as Entry;
  return typeof link === 'string' ? link : null;
}

/** Goes to a page with a token, as if its mailed link had been opened here. */
export const linkEntry = (token: string): unknown => ({ link: token }) satisfies Entry;

/** The token was used. */
export function dropLink(): void {
  history.replaceState(null, '', location.href);
}
