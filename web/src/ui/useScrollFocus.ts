// What scrolls and holds nothing to press can be reached and scrolled by keyboard all the same.
import { useEffect, useRef } from 'preact/hooks';

export function useScrollFocus<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  // After each rendering: there may be more in it now.
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const look = () => {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
    };
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  });
  return ref;
}
