// /join#token: the link in a mail. It confirms a registration, and is the way in from then on.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { enteredAs } from '../../state/me';
import type { MyRegistration } from '../../net/types';
import { RadioList } from '../../ui/Field';
import { cookieFault } from '../../ui/SignInFault';
import { toast } from '../../ui/Toast';
import { api, type LinkPreview } from './api';
import { type LinkAct, LinkPage } from './LinkPage';
import { registrationTexts } from './texts';

async function join(token: string, person = ''): Promise<MyRegistration> {
  const { registration } = await api.join(token, person || undefined);
  if (!(await enteredAs({ kind: 'hcp', registration }))) throw cookieFault();
  return registration;
}

/** Goes to the session that is open, or to the list when several are open or none is. */
async function enter(token: string): Promise<void> {
  const registration = await join(token);
  const open = registration.sessions.filter((s) => s.state === 'lobby' || s.state === 'live');
  const only = open.length === 1 ? open[0] : undefined;
  navigate(only ? `/live/${only.id}` : '/my', true);
}

async function confirm(token: string, person: string): Promise<void> {
  await join(token, person);
  navigate('/my', true);
  toast.good(registrationTexts().confirmed);
}

export default function JoinPage() {
  const t = registrationTexts();
  const [person, setPerson] = useState('');
  const act = (preview: LinkPreview) => whatToDo(preview, person, setPerson);
  return (
    <LinkPage title={t.joinTitle} act={act} run={(token, preview) => run(token, preview, person)} />
  );
}

async function run(token: string, preview: LinkPreview, person: string): Promise<void> {
  if (preview.state === 'cancelled') navigate(preview.page);
  else if (preview.state === 'requested') await confirm(token, person);
  else await enter(token);
}

function whatToDo(preview: LinkPreview, person: string, choose: (person: string) => void): LinkAct {
  const t = registrationTexts();
  const name = `${preview.first_name} ${preview.last_name}`;
  if (preview.state === 'cancelled')
    return { title: t.hello(name), text: t.wasCancelled, action: t.registerAgain, look: 'primary' };
  if (preview.state === 'registered')
    return { title: t.hello(name), text: t.joinText, action: t.join, look: 'primary' };
  return {
    title: t.confirmTitle(name),
    text: t.confirmText,
    action: t.confirm,
    look: 'primary',
    disabled: preview.people.length > 0 && !person,
    children: preview.people.length > 0 && <Who preview={preview} person={person} choose={choose} />,
  };
}

interface WhoProps {
  preview: LinkPreview;
  person: string;
  choose: (person: string) => void;
}

/** Another name is known at this address: the same person, or a colleague who shares the mailbox? */
function Who({ preview, person, choose }: WhoProps) {
  const t = registrationTexts();
  const name = `${preview.first_name} ${preview.last_name}`;
  const options = [
    { value: 'new', label: t.someoneElse(name) },
    ...preview.people.map((known) => ({
      value: known.id,
      label: t.samePerson(`${known.first_name} ${known.last_name}`, name),
    })),
  ];
  return <RadioList label={t.whoTitle} hint={t.whoText} options={options} value={person} onChange={choose} />;
}
