// An image of a page: asked for when it comes near the screen, and again after a while when it failed.
import { useEffect, useRef, useState } from 'preact/hooks';

const NEAR = '300px';
const FIRST_MS = 1_000; // then twice as long each time, up to
const LONGEST_MS = 30_000;

interface PictureProps {
  src: string;
  srcset?: string | undefined;
  sizes?: string;
  width: number;
  height: number;
  alt: string;
  class?: string;
  /** Of the page; it is kept while the image is not there. */
  shape: string;
  lazy?: boolean;
}

/** True from the moment when it came near the screen. */
function useSeen(lazy: boolean) {
  const [seen, setSeen] = useState(!lazy);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (seen || !place.current) return;
    const look = (found: IntersectionObserverEntry[]) => {
      if (found.some((entry) => entry.isIntersecting)) setSeen(true);
    };
    const observer = new IntersectionObserver(look, { rootMargin: NEAR });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [seen]);
  return { seen, place };
}

/** Many images fail together, such as when too many were asked for: each comes back at a moment of its own. */
const pause = (tries: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** tries) * (0.5 + Math.random());

/** How often `source` failed; while `waiting` nothing is asked for. */
function useTries(source: string) {
  const [state, setState] = useState({ source, tries: 0, waiting: false });
  const now = state.source === source ? state : { source, tries: 0, waiting: false };
  useEffect(() => {
    if (!now.waiting) return;
    const again = () => setState({ ...now, waiting: false });
    const timer = setTimeout(again, pause(now.tries - 1));
    return () => clearTimeout(timer);
  }, [now.source, now.waiting]);
  return { ...now, fail: () => setState({ source, tries: now.tries + 1, waiting: true }) };
}

export function Picture({ shape, lazy = false, ...image }: PictureProps) {
  const { seen, place } = useSeen(lazy);
  const { tries, waiting, fail } = useTries(image.srcset ?? image.src);
  const style = { aspectRatio: shape };
  if (!seen || waiting) return <div class={image.class} style={style} ref={place} />;
  return <img key={tries} {...image} style={style} decoding="async" onError={fail} />;
}
