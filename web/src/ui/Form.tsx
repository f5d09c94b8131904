import type { ComponentChildren } from 'preact';
import { Banner } from './Banner';

interface FormProps {
  onSubmit: () => void;
  /** Of the whole form, shown above its buttons. */
  error?: string | null;
  children: ComponentChildren;
  /** The row of buttons. */
  footer?: ComponentChildren;
  id?: string;
}

/** A form whose checks by the browser (required, e-mail) hold before onSubmit runs. */
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
