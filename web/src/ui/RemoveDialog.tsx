import { common } from '../i18n/common';
import { ConfirmDialog } from './Dialog';

interface RemoveDialogProps {
  title: string;
  text: string;
  remove: () => Promise<void>;
  /** Loads again what the removed item was part of. */
  reload: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is removed, and removes it. */
export function RemoveDialog({ title, text, remove, reload, onClose }: RemoveDialogProps) {
  const confirm = async () => {
    await remove();
    await reload();
  };
  return (
    <ConfirmDialog
      title={title}
      text={text}
      action={common().remove}
      danger
      onClose={onClose}
      onConfirm={confirm}
    />
  );
}
