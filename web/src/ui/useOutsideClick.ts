import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** While `open`, a press outside the element closes it. */
export function useOutsideClick(
  element: RefObject<HTMLElement | null>,
  open: boolean,
  close: () => void,
): void {
  useEffect(() => {
    if (!open) return;
    const onPress = (event: Event) => {
      const inside = event.target instanceof Node && element.current?.contains(event.target);
      if (!inside) close();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [open]);
}
