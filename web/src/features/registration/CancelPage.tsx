// /cancel#token: the link in the mail by which an HCP gives the seat back.
import { api, type LinkPreview } from './api';
import { EmptyState } from '../../ui/EmptyState';
import { navigate } from '../../state/place';
import { declined, LeftList, type LinkAct, LinkPage, RegisterAgain, Withdrawn } from './LinkPage';
import { registrationTexts } from './texts';

export default function CancelPage() {
  const t = registrationTexts();
  return <LinkPage title={t.cancelTitle} act={act} run={run} done={cancelled} />;
}

function act(preview: LinkPreview): LinkAct {
  const t = registrationTexts();
  if (preview.state === 'cancelled')
    return { title: t.cancelled, text: t.wasCancelled, action: t.registerAgain, look: 'primary' };
  if (preview.state === 'waiting')
    return { title: t.leaveList, text: t.leaveText, action: t.leaveList, look: 'danger' };
  if (preview.state === 'in_review')
    return { title: t.withdraw, text: t.withdrawText, action: t.withdraw, look: 'danger' };
  if (preview.state === 'declined') return declined(preview);
  return { title: t.cancelTitle, text: t.cancelText, action: t.cancel, look: 'danger' };
}

async function run(token: string, preview: LinkPreview): Promise<void> {
  if (preview.state === 'cancelled' || preview.state === 'declined') navigate(preview.page);
  else await api.cancelByLink(token);
}

function cancelled(preview: LinkPreview) {
  const t = registrationTexts();
  if (preview.state === 'waiting') return <LeftList preview={preview} />;
  if (preview.state === 'in_review') return <Withdrawn preview={preview} />;
  return (
    <EmptyState heading icon="checkCircle" title={t.cancelled} action={<RegisterAgain preview={preview} />}>
      {t.cancelledText}
    </EmptyState>
  );
}
