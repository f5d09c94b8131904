import { defineTexts } from '../i18n';
import { leaving } from '../state/unsaved';
import { ConfirmDialog } from './Dialog';

const leaveTexts = defineTexts(
  {
    title: 'Leave without saving?',
    text: 'What you changed here is not saved yet.',
    leave: 'Leave without saving',
    stay: 'Stay here',
  },
  {
    title: 'Quitter sans enregistrer ?',
    text: 'Vos modifications ne sont pas encore enregistrées.',
    leave: 'Quitter sans enregistrer',
    stay: 'Rester ici',
  },
);

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
