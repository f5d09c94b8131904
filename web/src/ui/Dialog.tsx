// Modal dialogs over the browser's own <dialog>: focus trap, Escape and background are its work.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { common, errorText } from '../i18n/common';
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

export function Dialog({ title, onClose, children, footer, wide }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const typed = useRef(false); // at once: Escape may come before the next rendering
  const [unsaved, setUnsaved] = useState(false);
  useUnsaved(unsaved);
  // Escape and the cross are pressed by accident; the button "Cancel" is not.
  const dismiss = () => {
    if (typed.current) leaving.value = onClose;
    else onClose();
  };
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog${wide ? ' dialog--wide' : ''}`}
      aria-labelledby={id}
      onInput={() => {
        typed.current = true;
        setUnsaved(true);
      }}
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
  /** Of the button that does nothing; where the action itself is a cancelling, not "Cancel". */
  keep?: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something that cannot be taken back; closes by itself when it is done. */
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
        {error !== null && <Banner tone="bad">{errorText(error)}</Banner>}
      </div>
    </Dialog>
  );
}
