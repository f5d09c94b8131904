// /join#token: the personal link of an HCP.
import { navigate } from '../../state/place';
import { api } from './api';
import { signedIn } from '../../state/me';
import { LinkPage } from './LinkPage';
import { registrationTexts } from './texts';

/** Goes to the session that is open, or to the list when several are open or none is. */
export async function enter(token: string): Promise<void> {
  const { registration } = await api.join(token);
  signedIn({ kind: 'hcp', registration });
  const open = registration.sessions.filter((s) => s.state === 'lobby' || s.state === 'live');
  const only = open.length === 1 ? open[0] : undefined;
  navigate(only ? `/live/${only.id}` : '/my', true);
}

export default function JoinPage() {
  const t = registrationTexts();
  return <LinkPage title={t.joinTitle} text={t.joinText} action={t.join} look="primary" run={enter} />;
}
