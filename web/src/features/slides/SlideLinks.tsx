// The links of a slide: over its image, and as a list beside its text, where they are as large as other links.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { place, type Target, targets } from './links';
import type { Deck, DeckPage } from './messages';
import { slideTexts } from './texts';

/** A mail program opens beside the page; everything else in a tab of its own. */
const opening = ({ href, mail }: Target) =>
  mail ? { href } : { href, target: '_blank', rel: 'noopener noreferrer' };

function useLabel() {
  const t = slideTexts();
  return ({ name, mail }: Target) => (mail ? t.mailTo(name) : t.newTab(name));
}

/** Lies over the image, as large as the page is drawn in its box. */
export function SlideLinks({ deck, page }: { deck: Deck; page: DeckPage }) {
  const t = slideTexts();
  const label = useLabel();
  const layer = useRef<HTMLDivElement>(null);
  const within = layer.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (within && !layer.current?.contains(document.activeElement))
      layer.current?.focus({ preventScroll: true }); // the link is gone with its page
  });
  const { all } = targets(page.links);
  const some = all.length > 0;
  const ratio = (page.width ?? 16) / (page.height ?? 9);
  return (
    <div class="slide-links" ref={layer} tabIndex={-1} role={some ? 'group' : undefined} aria-label={some ? t.links : undefined}>
      <div class="slide-links__page" style={{ '--ratio': `${ratio}` }}>
        {all.map(({ link, to }, index) => (
          <a
            key={`${deck.id}/${page.page}/${index}`}
            class="slide-link"
            style={place(link)}
            aria-label={label(to)}
            title={to.name}
            {...opening(to)}
          />
        ))}
      </div>
    </div>
  );
}

export function LinkList({ page }: { page: DeckPage }) {
  const t = slideTexts();
  const label = useLabel();
  const { once } = targets(page.links);
  if (once.length === 0) return null;
  return (
    <ul class="slide-link-list plain" aria-label={t.links}>
      {once.map((to) => (
        <li key={to.href}>
          <a {...opening(to)} translate={false}>
            {label(to)}
          </a>
        </li>
      ))}
    </ul>
  );
}
