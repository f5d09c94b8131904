import { useState } from 'preact/hooks';
import { api } from '../../net/api';
import type { Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Button, LinkButton } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/Dialog';
import { Menu } from '../../ui/Menu';
import { common } from '../../i18n/common';
import { toast } from '../../ui/Toast';
import { sessionTexts } from './texts';

/** Publish, cancel, and the way to the host console. */
export function SessionActions({
  session,
  reload,
}: {
  session: Session;
  reload: () => Promise<void>;
}) {
  const t = sessionTexts();
  const [asking, setAsking] = useState<'publish' | 'cancel' | null>(null);
  const organiser = hasRole('organiser');
  const { state } = session;
  const running = state === 'lobby' || state === 'live';
  const close = () => setAsking(null);
  return (
    <>
      {state === 'draft' && organiser && (
        <Button look="primary" icon="send" onClick={() => setAsking('publish')}>
          {t.publish}
        </Button>
      )}
      {running && (
        <LinkButton look="primary" icon="play" href={`/host/${session.id}`}>
          {t.host}
        </LinkButton>
      )}
      {state === 'ended' && (
        <LinkButton icon="message" href={`/host/${session.id}`}>
          {t.afterwards}
        </LinkButton>
      )}
      {organiser && (state === 'draft' || state === 'lobby') && (
        <Menu
          label={common().moreActions}
          items={[
            {
              label: t.cancelSession,
              icon: 'close',
              danger: true,
              onClick: () => setAsking('cancel'),
            },
          ]}
        />
      )}
      {asking === 'publish' && (
        <ConfirmDialog
          title={t.publishTitle}
          text={t.publishText}
          action={t.publish}
          onClose={close}
          onConfirm={async () => {
            await api.publishSession(session.id);
            toast.good(t.published);
            await reload();
          }}
        />
      )}
      {asking === 'cancel' && (
        <ConfirmDialog
          title={t.cancelTitle}
          text={t.cancelText}
          action={t.cancelSession}
          danger
          keep={t.keep}
          onClose={close}
          onConfirm={async () => {
            await api.cancelSession(session.id);
            toast.good(t.cancelled);
            await reload();
          }}
        />
      )}
    </>
  );
}
