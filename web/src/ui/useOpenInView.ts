import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const KEYBOARD = '(pointer: coarse), (max-width: 719px)';

/** On a phone an open list moves up with its field: the keyboard takes the lower half. */
export function useOpenInView(element: RefObject<HTMLElement | null>, open: boolean): void {
  useEffect(() => {
    if (open && matchMedia(KEYBOARD).matches)
      element.current?.closest('.field')?.scrollIntoView({ block: 'start' });
  }, [open]);
}
