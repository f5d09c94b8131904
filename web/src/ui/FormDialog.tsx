import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { common } from '../i18n/common';
import type { Action } from '../state/action';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Form } from './Form';

interface FormDialogProps {
  title: string;
  wide?: boolean;
  /** What the submit button starts; its error stands above the buttons. */
  action: Action<[]>;
  /** The fields that show their own errors. */
  fields?: readonly string[];
  /** The text of the submit button. */
  submit: string;
  /** Called instead of the action: it checks the fields and runs the action itself. */
  onSubmit?: () => void;
  onClose: () => void;
  /** Shown beside the buttons. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A form in a dialog, with "Cancel" and the button that submits it. */
export function FormDialog(props: FormDialogProps) {
  const { title, wide = false, action, fields, submit, onClose, aside, children } = props;
  const form = useId();
  const footer = (
    <>
      {aside}
      <Button onClick={onClose}>{common().cancel}</Button>
      <Button type="submit" form={form} look="primary" busy={action.busy}>
        {submit}
      </Button>
    </>
  );
  return (
    <Dialog title={title} wide={wide} onClose={onClose} footer={footer}>
      <Form
        id={form}
        onSubmit={props.onSubmit ?? (() => void action.run())}
        error={action.text(fields)}
      >
        {children}
      </Form>
    </Dialog>
  );
}
