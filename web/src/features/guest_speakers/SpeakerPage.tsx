// /speaker#token: what a guest speaker's link opens. It lets them in when its button is pressed, as often as they like.
import { unbroken } from '../../i18n';
import { formatSlot } from '../../i18n/zone';
import { useAction } from '../../state/action';
import { dropLink } from '../../state/link';
import { enteredAs } from '../../state/me';
import { navigate } from '../../state/place';
import { Button } from '../../ui/Button';
import { MailedPage } from '../../ui/MailedPage';
import { PublicShell } from '../../ui/PublicShell';
import { cookieFault, SignInFault } from '../../ui/SignInFault';
import { api, type Preview } from './api';
import { guestTexts } from './texts';

export default function SpeakerPage() {
  const t = guestTexts();
  return (
    <MailedPage name="speaker" load={api.preview} unknown={{ title: t.unknown, text: t.unknownText }}>
      {(preview, _found, token) => <Found preview={preview} token={token} />}
    </MailedPage>
  );
}

function Found({ preview, token }: { preview: Preview; token: string }) {
  const t = guestTexts();
  const { name, organisation, congress, session } = preview;
  const over = session.state === 'ended' || session.state === 'cancelled';
  const enter = useAction(async () => {
    const { me } = await api.enter(token);
    if (!(await enteredAs(me))) throw cookieFault();
    dropLink();
    navigate(`/host/${session.id}`, true);
  });
  return (
    <PublicShell title={t.pageTitle} organisation={organisation} width="narrow">
      <div class="stack">
        <h1>
          <span translate={false}>{t.hello(name)}</span>
        </h1>
        <p class="muted">{t.speak}</p>
        <div class="guest-session">
          <p class="guest-session__title" lang={session.language}>
            {unbroken(session.title)}
          </p>
          {congress.title !== session.title && (
            <p class="small" lang={congress.language}>
              {unbroken(congress.title)}
            </p>
          )}
          <p class="muted small number">{formatSlot(session.starts_at, session.planned_minutes, congress.time_zone)}</p>
        </div>
        <p class="muted">{over ? t.closed : t.open}</p>
        <SignInFault error={enter.error} />
        <Button look="primary" wide iconEnd="arrowRight" busy={enter.busy} onClick={() => void enter.run()}>
          {t.enter}
        </Button>
        {!over && <p class="muted small">{t.device}</p>}
        <p class="faint small">{t.personal}</p>
      </div>
    </PublicShell>
  );
}
