// Modal dialogs over the browser's own <dialog>, which traps the focus, closes on Escape and dims the page.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { refusalText } from '../i18n/errors';
import { leaving, useUnsaved } from '../state/unsaved';
import { Banner } from './Banner';
import { Button, IconButton } from './Button';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** The row of buttons at the end. */
  footer?: ComponentChildren;
  wide?: boolean;
}

const FIELD = '.dialog__body :is(input, textarea, select):not(:disabled)';

/** What is to be filled in first; in a question, the button that does nothing. Never the cross. */
function focusFirst(dialog: HTMLDialogElement): void {
  const first = ['[autofocus]', FIELD, '.dialog__foot button'].map((selector) =>
    dialog.querySelector<HTMLElement>(selector),
  );
  first.find((found) => found)?.focus();
}

/** Opens the element as a modal dialog and gives the focus back when it goes, or to the page. */
function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    if (dialog) focusFirst(dialog);
    return () => {
      dialog?.close();
      const back = before instanceof HTMLElement && before.isConnected && before !== document.body;
      (back ? before : document.getElementById('main'))?.focus();
    };
  }, []);
  return ref;
}

/** Whether something was typed in the dialog; closing it by accident then asks first. */
function useTyped(onClose: () => void) {
  const typed = useRef(false); // a ref, because Escape may come before the next rendering
  const [unsaved, setUnsaved] = useState(false);
  useUnsaved(unsaved);
  const type = () => {
    typed.current = true;
    setUnsaved(true);
  };
  // Escape and the cross are easily pressed by accident, the button "Cancel" is not.
  const dismiss = () => {
    if (typed.current) leaving.value = onClose;
    else onClose();
  };
  return { type, dismiss };
}

export function Dialog({ title, onClose, children, footer, wide }: DialogProps) {
  const id = useId();
  const ref = useModal();
  const { type, dismiss } = useTyped(onClose);
  return (
    <dialog
      ref={ref}
      class={`dialog${wide ? ' dialog--wide' : ''}`}
      aria-labelledby={id}
      onInput={type}
      onCancel={(event) => {
        event.preventDefault();
        dismiss();
      }}
    >
      <header class="dialog__head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={common().close} onClick={dismiss} />
      </header>
      <div class="dialog__body">{children}</div>
      {footer && <footer class="dialog__foot">{footer}</footer>}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: ComponentChildren;
  action: string;
  danger?: boolean;
  /** The text of the button that does nothing, where "Cancel" would be taken for the action. */
  keep?: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before an action that cannot be undone, runs it, and closes when it succeeded. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, text, action, danger, keep, onConfirm, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button onClick={onClose}>{keep ?? common().cancel}</Button>
      <Button look={danger ? 'danger' : 'primary'} busy={busy} onClick={confirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <div class="stack">
        <div class="muted">{text}</div>
        {error !== null && <Banner tone="bad">{refusalText(error)}</Banner>}
      </div>
    </Dialog>
  );
}
