// After a change of page the focus is on the new page's heading, where the old page took it along.
import { useEffect, useRef } from 'preact/hooks';

const PATIENCE_MS = 10_000;

/** Whether nothing is left to do. */
function arrive(): boolean {
  if (document.activeElement !== document.body) return true;
  const heading = document.querySelector<HTMLElement>('main:not([aria-busy]) h1');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

export function useFocusOnPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    if (arrive()) return;
    const watcher = new MutationObserver(() => arrive() && watcher.disconnect());
    watcher.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(() => watcher.disconnect(), PATIENCE_MS);
    return () => {
      watcher.disconnect();
      clearTimeout(timer);
    };
  }, [path]);
}
