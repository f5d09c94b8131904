import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import type { Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Button, LinkButton } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Menu } from '../../ui/Menu';
import { toast } from '../../ui/Toast';
import { api } from './api';
import { sessionTexts } from './texts';

type Asking = 'publish' | 'cancel';

interface ActionsProps {
  session: Session;
  reload: () => Promise<void>;
}

/** Cancel, the way to the host console, and Publish where the page itself does not offer it. */
export function SessionActions({ session, reload, publish }: ActionsProps & { publish: boolean }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const dialog = { session, reload, onClose: () => setAsking(null) };
  return (
    <>
      {publish && hasRole('organiser') && session.kind === 'session' && session.state === 'draft' && (
        <Button look="primary" icon="send" onClick={() => setAsking('publish')}>
          {sessionTexts().publish}
        </Button>
      )}
      <ConsoleLink session={session} />
      {hasRole('organiser') && <MoreActions session={session} onAsk={setAsking} />}
      {asking === 'publish' && <PublishDialog {...dialog} />}
      {asking === 'cancel' && <CancelDialog {...dialog} />}
    </>
  );
}

function ConsoleLink({ session: { id, state } }: { session: Session }) {
  const t = sessionTexts();
  if (state === 'lobby' || state === 'live')
    return (
      <LinkButton look="primary" icon="play" href={`/host/${id}`}>
        {t.host}
      </LinkButton>
    );
  if (state === 'ended')
    return (
      <LinkButton icon="message" href={`/host/${id}`}>
        {t.afterwards}
      </LinkButton>
    );
  return null;
}

interface MoreActionsProps {
  session: Session;
  onAsk: (asking: Asking) => void;
}

function MoreActions({ session: { state }, onAsk }: MoreActionsProps) {
  if (state !== 'draft' && state !== 'lobby') return null;
  const cancel = () => onAsk('cancel');
  return (
    <Menu
      label={common().moreActions}
      items={[
        { label: sessionTexts().cancelSession, icon: 'close', danger: true, onClick: cancel },
      ]}
    />
  );
}

interface DialogProps extends ActionsProps {
  onClose: () => void;
}

export function PublishDialog({ session, reload, onClose }: DialogProps) {
  const t = sessionTexts();
  const publish = async () => {
    await api.publishSession(session.id);
    toast.good(t.published);
    await reload();
  };
  return (
    <ConfirmDialog
      title={t.publishTitle}
      text={t.publishText}
      action={t.publish}
      onClose={onClose}
      onConfirm={publish}
    />
  );
}

function CancelDialog({ session, reload, onClose }: DialogProps) {
  const t = sessionTexts();
  const cancel = async () => {
    await api.cancelSession(session.id);
    toast.good(t.cancelled);
    await reload();
  };
  return (
    <ConfirmDialog
      title={t.cancelTitle}
      text={t.cancelText}
      action={t.cancelSession}
      danger
      keep={t.keep}
      onClose={onClose}
      onConfirm={cancel}
    />
  );
}
