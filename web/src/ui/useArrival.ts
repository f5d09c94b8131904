import { useEffect, useRef } from 'preact/hooks';

/**
 * Gives the focus to an element (with tabIndex -1) when it appears in the place of what had the focus:
 * else the focus would fall to the body, and people at the keyboard would begin at the top again.
 */
export function useArrival<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, []);
  return ref;
}
