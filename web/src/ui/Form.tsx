import type { ComponentChildren, TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Banner } from './Banner';
import { type Checked, type Faults, FormFaults, faultsOf, noFaults } from './validity';

interface FormProps {
  onSubmit: () => void;
  /** An error of the whole form, shown above its buttons. */
  error?: string | null;
  children: ComponentChildren;
  /** The row of buttons. */
  footer?: ComponentChildren;
  id?: string;
  class?: string;
}

const controls = (form: HTMLFormElement) => [...form.elements] as unknown as Checked[];
const same = (a: Faults, b: Faults) =>
  a.size === b.size && [...a].every(([id, text]) => b.get(id) === text);

/** The faults that its fields show, and the focus on the first of them, the server's too. */
function useChecks(onSubmit: () => void) {
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState(noFaults);
  const tried = useRef(false); // until something is typed
  useEffect(() => {
    if (!form.current) return;
    const left = faultsOf(controls(form.current), faults);
    if (!same(left, faults)) return setFaults(left);
    const first = tried.current && form.current.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (!first) return;
    tried.current = false;
    first.focus();
  });
  const submit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultsOf(controls(event.currentTarget));
    tried.current = true;
    setFaults(found);
    if (found.size === 0) onSubmit();
  };
  return { form, faults, submit, typed: () => (tried.current = false) };
}

/** A form whose fields are checked (required, e-mail, bounds) before onSubmit runs; each says itself what is wrong. */
export function Form({ onSubmit, error, children, footer, id, class: looks = 'form' }: FormProps) {
  const { form, faults, submit, typed } = useChecks(onSubmit);
  return (
    <form id={id} ref={form} class={looks} noValidate onSubmit={submit} onInput={typed}>
      <FormFaults.Provider value={faults}>
        {children}
        {error && <Banner tone="bad">{error}</Banner>}
        {footer && <div class="row row--end">{footer}</div>}
      </FormFaults.Provider>
    </form>
  );
}
