// Keeps a profile in the organisation's library; where the library has one of its name, asks before that is replaced.
import { useState } from 'preact/hooks';
import { common } from '../../i18n/common';
import { refusalText } from '../../i18n/errors';
import { ApiError } from '../../net/api';
import { useAction } from '../../state/action';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { toast } from '../../ui/Toast';
import { api, type TargetProfile } from './api';
import { below } from './library';
import { libraryTexts } from './libraryTexts';

interface KeepProps {
  profile: TargetProfile;
  /** All of the congress. */
  profiles: readonly TargetProfile[];
  onClose: () => void;
}

export function KeepDialog({ profile, profiles, onClose }: KeepProps) {
  const t = libraryTexts();
  const [taken, setTaken] = useState<string | null>(null); // the names that would be replaced
  const others = below(profile, profiles).map(({ name }) => name);
  const keep = useAction(async () => {
    try {
      await api.keepProfile(profile.id, taken !== null);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'library.name' || taken !== null) throw error;
      setTaken(error.reason ?? profile.name);
      return;
    }
    toast.good(t.kept);
    onClose();
  });
  const footer = (
    <>
      <Button onClick={onClose}>{common().cancel}</Button>
      <Button look="primary" busy={keep.busy} onClick={() => void keep.run()}>
        {taken === null ? t.keep : t.replace}
      </Button>
    </>
  );
  return (
    <Dialog title={taken === null ? t.keep : t.replaceTitle} onClose={onClose} footer={footer}>
      <div class="stack muted" aria-live="polite">
        <p>{taken === null ? t.keepText(profile.name) : t.replaceText(taken)}</p>
        {taken === null && others.length > 0 && <p>{t.keepWith(others.join(', '))}</p>}
        {keep.error !== null && <Banner tone="bad">{refusalText(keep.error)}</Banner>}
      </div>
    </Dialog>
  );
}
