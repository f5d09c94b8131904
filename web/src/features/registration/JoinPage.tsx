// /join#token: the link in a mail. It confirms a registration, and is the way in from then on.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { enteredAs } from '../../state/me';
import type { MyRegistration } from '../../net/types';
import { EmptyState } from '../../ui/EmptyState';
import { RadioList } from '../../ui/Field';
import { cookieFault } from '../../ui/SignInFault';
import { toast } from '../../ui/Toast';
import { api, type LinkPreview } from './api';
import { LeftList, type LinkAct, LinkPage } from './LinkPage';
import { registrationTexts } from './texts';

/** Whoever waits for a place is not signed in: their place in the line. */
type Joined = MyRegistration | number;

async function join(token: string, person = ''): Promise<Joined> {
  const { registration, waiting_place } = await api.join(token, person || undefined);
  if (!registration) return waiting_place ?? 1;
  if (!(await enteredAs({ kind: 'hcp', registration }))) throw cookieFault();
  return registration;
}

/** Goes to the session that is open, or to the list when several are open or none is. */
async function enter(token: string): Promise<Joined> {
  const registration = await join(token);
  if (typeof registration === 'number') return registration;
  const open = registration.sessions.filter((s) => s.state === 'lobby' || s.state === 'live');
  const only = open.length === 1 ? open[0] : undefined;
  navigate(only ? `/live/${only.id}` : '/my', true);
  return registration;
}

async function confirm(token: string, person: string): Promise<Joined> {
  const registration = await join(token, person);
  if (typeof registration === 'number') return registration;
  navigate('/my', true);
  toast.good(registrationTexts().confirmed);
  return registration;
}

export default function JoinPage() {
  const t = registrationTexts();
  const [person, setPerson] = useState('');
  const [waits, setWaits] = useState<number | null>(null);
  const act = (preview: LinkPreview) => whatToDo(preview, person, setPerson);
  const run = async (token: string, preview: LinkPreview) => {
    const joined = await use(token, preview, person);
    if (typeof joined === 'number') setWaits(joined);
  };
  return <LinkPage title={t.joinTitle} act={act} run={run} done={(preview) => <Done preview={preview} waits={waits} />} />;
}

async function use(token: string, preview: LinkPreview, person: string): Promise<Joined | void> {
  if (preview.state === 'cancelled') navigate(preview.page);
  else if (preview.state === 'waiting') await api.cancelByLink(token);
  else if (preview.state === 'requested') return await confirm(token, person);
  else return await enter(token);
}

/** They wait for a place, or do so no more; who got in is on another page by then. */
function Done({ preview, waits }: { preview: LinkPreview; waits: number | null }) {
  const t = registrationTexts();
  if (preview.state === 'waiting' && waits === null) return <LeftList preview={preview} />;
  if (waits === null) return null;
  return (
    <EmptyState heading icon="clock" title={t.waitsTitle(nameOf(preview))}>
      {t.waitsText(waits)}
    </EmptyState>
  );
}

const nameOf = ({ first_name, last_name }: LinkPreview) => `${first_name} ${last_name}`;

function whatToDo(preview: LinkPreview, person: string, choose: (person: string) => void): LinkAct {
  const t = registrationTexts();
  const name = nameOf(preview);
  if (preview.state === 'waiting')
    return { title: t.waitsTitle(name), text: t.waitsText(preview.waiting_place ?? 1), action: t.leaveList, look: 'danger' };
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
  const name = nameOf(preview);
  const options = [
    { value: 'new', label: t.someoneElse(name) },
    ...preview.people.map((known) => ({
      value: known.id,
      label: t.samePerson(`${known.first_name} ${known.last_name}`, name),
    })),
  ];
  return <RadioList label={t.whoTitle} hint={t.whoText} options={options} value={person} onChange={choose} />;
}
