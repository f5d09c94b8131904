// Forms with changes that are not saved: leaving the page or closing the window asks first.
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

const forms = new Set<object>();

/** Runs when the person agrees to leave; not null while they are asked. */
export const leaving = signal<(() => void) | null>(null);

/** While `changed` is true, leaving the page asks first. */
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

/** The person said that what is not saved may be lost. */
export const giveUp = (): void => forms.clear();

/** Runs `go` at once, or after the person agreed to lose what is not saved. */
export function askToLeave(go: () => void): void {
  if (hasUnsaved()) leaving.value = go;
  else go();
}

if (typeof window !== 'undefined')
  addEventListener('beforeunload', (event) => {
    if (!hasUnsaved()) return;
    event.preventDefault();
    event.returnValue = ''; // browsers before 2023 ask only where this is set
  });
