// Where slides lead: what may be offered as a link, and how it is called.
import type { PageLink } from './messages';

const LONGEST = 80;
const OFFERED = ['https:', 'http:', 'mailto:'];

export interface Target {
  href: string;
  /** What is read of it: the address without what people do not need. */
  name: string;
  mail: boolean;
}

const cut = (name: string): string => (name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`);

function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Null: not an address that anybody is offered. The server lets no other through; this is the second look. */
export function target(link: PageLink): Target | null {
  if (!URL.canParse(link.url)) return null;
  const { protocol, host, pathname, href } = new URL(link.url);
  if (!OFFERED.includes(protocol)) return null;
  const mail = protocol === 'mailto:';
  const name = mail ? readable(pathname) : host + readable(pathname).replace(/\/$/, '');
  return { href, name: cut(name), mail };
}

/** In per cent of the page. */
export const place = ({ x, y, width, height }: PageLink) => ({
  left: `${x / 100}%`,
  top: `${y / 100}%`,
  width: `${width / 100}%`,
  height: `${height / 100}%`,
});

/** Those of a page that are offered, and each address once for a list. */
export function targets(links: readonly PageLink[]): { all: { link: PageLink; to: Target }[]; once: Target[] } {
  const all = links.flatMap((link) => {
    const to = target(link);
    return to ? [{ link, to }] : [];
  });
  return { all, once: [...new Map(all.map(({ to }) => [to.href, to])).values()] };
}
