// What somebody typed and did not save yet: leaving the page or closing the window asks first.
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

const forms = new Set<object>();

/** What leaving would do, while the person is asked. */
export const leaving = signal<(() => void) | null>(null);

/** Holds the page while `changed` is true. */
export function useUnsaved(changed: boolean): void {
  useLayoutEffect(() => {
    if (!changed) return;
    const form = {};
    forms.add(form);
    return () => {
      forms.delete(form);
    };
  }, [changed]);
}

export const hasUnsaved = (): boolean => forms.size > 0;

/** Goes at once, or after the person has agreed to lose what is not saved. */
export function askToLeave(go: () => void): void {
  if (hasUnsaved()) leaving.value = go;
  else go();
}

if (typeof window !== 'undefined')
  addEventListener('beforeunload', (event) => {
    if (!hasUnsaved()) return;
    event.preventDefault();
    event.returnValue = ''; // what browsers before 2023 look at
  });
