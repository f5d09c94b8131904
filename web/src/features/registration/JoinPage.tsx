// /join#token: the personal link of an HCP.
import { navigate } from '../../app/router';
import { api } from '../../net/api';
import { signedIn } from '../../state/me';
import { LinkPage } from './LinkPage';
import { registrationTexts } from './texts';

/** One session to go to: straight there. Several: the list. */
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
