import type { ComponentChildren } from 'preact';
import { Banner } from './Banner';

interface FormProps {
  onSubmit: () => void;
  /** An error of the whole form, shown above its buttons. */
  error?: string | null;
  children: ComponentChildren;
  /** The row of buttons. */
  footer?: ComponentChildren;
  id?: string;
}

/** A form that the browser checks (required, e-mail) before onSubmit runs. */
export function Form({ onSubmit, error, children, footer, id }: FormProps) {
  return (
    <form
      id={id}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {error && <Banner tone="bad">{error}</Banner>}
      {footer && <div class="row row--end">{footer}</div>}
    </form>
  );
}
