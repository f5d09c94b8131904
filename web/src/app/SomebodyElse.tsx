// Says that somebody else signed in in this browser: as whoever this page shows nothing is sent any more.
import { defineTexts } from '../i18n';
import { ended, goOnAs, type Somebody, somebodyElse } from '../state/me';
import { giveUp } from '../state/unsaved';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';

const texts = defineTexts(
  {
    title: (name: string) => `${name} is now signed in here`,
    hcp: (name: string, event: string) =>
      `The personal link of ${name} for “${event}” was opened in this browser. This page was opened with another link, so nothing more is sent from it.`,
    staff: (name: string) =>
      `${name} has signed in in another tab. This page belongs to another account, so nothing more is sent from it.`,
    hcpBack: 'Not you? Open the personal link in your own e-mail again.',
    staffBack: 'Not you? Sign in again.',
    goOn: (name: string) => `Continue as ${name}`,
    stay: 'Stay on this page',
    signIn: 'Sign in again',
  },
  {
    title: (name) => `Ce navigateur est maintenant associé à ${name}`,
    hcp: (name, event) =>
      `Le lien personnel de ${name} pour « ${event} » a été ouvert dans ce navigateur. Cette page avait été ouverte avec un autre lien : elle n’envoie plus rien.`,
    staff: (name) =>
      `Une connexion au nom de ${name} a été ouverte dans un autre onglet. Cette page appartient à un autre compte : elle n’envoie plus rien.`,
    hcpBack: 'Ce n’est pas vous ? Rouvrez le lien personnel reçu dans votre propre messagerie.',
    staffBack: 'Ce n’est pas vous ? Reconnectez-vous.',
    goOn: (name) => `Continuer au nom de ${name}`,
    stay: 'Rester sur cette page',
    signIn: 'Me reconnecter',
  },
);

export function SomebodyElse() {
  const who = somebodyElse.value;
  return who && <Ask key={who.id} who={who} />;
}

function Ask({ who }: { who: Somebody }) {
  const t = texts();
  const close = () => {
    somebodyElse.value = null;
  };
  const leave = (go: () => void) => {
    giveUp();
    close();
    go();
  };
  // The button that has the focus does nothing: whoever is typing shall not become somebody else.
  const footer = (
    <>
      <Button onClick={close}>{t.stay}</Button>
      {who.side === 'staff' && <Button onClick={() => leave(() => ended('staff'))}>{t.signIn}</Button>}
      <Button look="primary" onClick={() => leave(() => goOnAs(who))}>
        {t.goOn(who.name)}
      </Button>
    </>
  );
  return (
    <Dialog title={t.title(who.name)} onClose={close} footer={footer}>
      <div class="stack">
        <p>{who.event === null ? t.staff(who.name) : t.hcp(who.name, who.event)}</p>
        <p class="muted">{who.side === 'staff' ? t.staffBack : t.hcpBack}</p>
      </div>
    </Dialog>
  );
}
