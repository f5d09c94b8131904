// /cancel#token: the link in the mail by which an HCP gives the place back.
import { api } from './api';
import { EmptyState } from '../../ui/EmptyState';
import { LinkPage } from './LinkPage';
import { registrationTexts } from './texts';

export default function CancelPage() {
  const t = registrationTexts();
  const done = (
    <EmptyState heading icon="checkCircle" title={t.cancelled}>
      {t.cancelledText}
    </EmptyState>
  );
  return (
    <LinkPage
      title={t.cancelTitle}
      text={t.cancelText}
      action={t.cancel}
      look="danger"
      run={(token) => api.cancelByLink(token)}
      done={done}
    />
  );
}
