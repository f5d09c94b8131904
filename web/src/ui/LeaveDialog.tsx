import { leaving } from '../state/unsaved';
import { ConfirmDialog } from './Dialog';
import { leaveTexts } from './texts';

export function LeaveDialog() {
  const t = leaveTexts();
  const leave = leaving.value;
  if (!leave) return null;
  return (
    <ConfirmDialog
      title={t.title}
      text={t.text}
      action={t.leave}
      keep={t.stay}
      danger
      onConfirm={async () => leave()}
      onClose={() => {
        leaving.value = null;
      }}
    />
  );
}
