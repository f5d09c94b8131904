import { useEffect, useRef } from 'preact/hooks';

/** Gives the focus to the first field in an element that appears in the place of what had the focus. */
export function useFocusInside<E extends HTMLElement>(wanted = true) {
  const ref = useRef<E>(null);
  useEffect(() => {
    if (wanted) ref.current?.querySelector<HTMLElement>('input:not(:disabled)')?.focus();
  }, []);
  return ref;
}
