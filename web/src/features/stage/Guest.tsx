// An HCP who is invited to speak: the invitation, the check of the devices, and the controls while they are on
// the stage. It stands over the room, whatever that shows.
import { useState } from 'preact/hooks';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toast';
import type { ViewProps } from '../feature';
import { canSpeak } from './able';
import { DeviceCheck } from './DeviceCheck';
import type { StageStore } from './store';
import { studio as opened } from './here';
import { openStudio } from './opening';
import type { Studio } from './studio';
import { StudioBar, useNotices } from './StudioBar';
import { studioTexts } from './studioTexts';
import { stageTexts } from './texts';

export default function Guest({ store, session, room }: ViewProps<StageStore>) {
  const studio = opened.value;
  const { mine, invited } = store;
  useNotices(studio);
  if (mine.value && mine.value.place !== 'invited')
    return (
      <div class="guest-bar">
        <Asks room={room} session={session} />
        <StudioBar store={store} mine={mine.value} session={session.id} room={room} screen={false} />
      </div>
    );
  return invited.value ? <Invitation {...{ store, session, room }} picture={invited.value.picture} /> : null;
}

/** What other features ask of whoever speaks here. */
function Asks({ room, session }: Pick<ViewProps<StageStore>, 'room' | 'session'>) {
  return (
    <>
      {room.asks.map((Ask, index) => (
        <Ask key={index} room={room} session={session} />
      ))}
    </>
  );
}

/** The invitation was closed, and not answered. */
function Later({ onAnswer }: { onAnswer: () => void }) {
  const t = stageTexts();
  return (
    <div class="guest-bar">
      <div class="studio-bar">
        <p class="studio-bar__state">{t.invitedTitle}</p>
        <Button look="primary" icon="mic" onClick={onAnswer}>
          {t.answer}
        </Button>
      </div>
    </div>
  );
}

interface InvitationProps extends ViewProps<StageStore> {
  picture: boolean;
}

function Invitation({ store, session, room, picture }: InvitationProps) {
  const t = stageTexts();
  const [open, setOpen] = useState(true);
  const [check, setCheck] = useState<{ studio: Studio; picture: boolean } | null>(null);
  const accept = (withPicture: boolean) =>
    void openStudio(store, session.id, room).then((studio) => setCheck({ studio, picture: withPicture }), toast.error);
  const decline = () => void store.call('stage.decline', {}).catch(toast.error);
  if (check)
    return (
      <DeviceCheck
        studio={check.studio}
        picture={check.picture}
        action={studioTexts().goOn}
        onGo={() => check.studio.enter()}
        onClose={() => setCheck(null)}
      />
    );
  if (!open) return <Later onAnswer={() => setOpen(true)} />;
  const able = canSpeak();
  const footer = (
    <div class="invitation">
      <Button look="danger-quiet" onClick={decline}>
        {t.decline}
      </Button>
      {able && <Ways picture={picture} onAccept={accept} />}
    </div>
  );
  return (
    <Dialog title={t.invitedTitle} onClose={() => setOpen(false)} footer={footer}>
      <div class="stack">
        {able ? <p>{picture ? t.invitedPicture : t.invitedVoice}</p> : <Banner tone="warn">{studioTexts().noPublish}</Banner>}
        {able && <Asks room={room} session={session} />}
      </div>
    </Dialog>
  );
}

/** With the camera, or without. */
function Ways({ picture, onAccept }: { picture: boolean; onAccept: (withPicture: boolean) => void }) {
  const t = stageTexts();
  return (
    <>
      <Button look={picture ? 'secondary' : 'primary'} icon="mic" onClick={() => onAccept(false)}>
        {t.byVoice}
      </Button>
      {picture && (
        <Button look="primary" icon="camera" onClick={() => onAccept(true)}>
          {t.byPicture}
        </Button>
      )}
    </>
  );
}
