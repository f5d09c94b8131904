// /join#token: the link in a mail. It confirms a registration, and is the way in from then on.
import { useState } from 'preact/hooks';
import { navigate } from '../../state/place';
import { RadioList } from '../../ui/Field';
import { api, type LinkPreview } from './api';
import { HeldNote } from './HeldNote';
import { confirm, enter, type Held, isHeld, type Joined } from './joining';
import { declined, LeftList, type LinkAct, LinkPage, Said, Withdrawn } from './LinkPage';
import { registrationTexts } from './texts';

export default function JoinPage() {
  const t = registrationTexts();
  const [person, setPerson] = useState('');
  const [held, setHeld] = useState<Held | null>(null);
  const act = (preview: LinkPreview) => whatToDo(preview, person, setPerson);
  const run = async (token: string, preview: LinkPreview) => {
    const joined = await use(token, preview, person);
    if (isHeld(joined)) setHeld(joined);
  };
  return <LinkPage title={t.joinTitle} act={act} run={run} done={(preview) => <Done preview={preview} held={held} />} />;
}

async function use(token: string, preview: LinkPreview, person: string): Promise<Joined | void> {
  if (preview.state === 'cancelled' || preview.state === 'declined') navigate(preview.page);
  else if (preview.state === 'waiting' || preview.state === 'in_review') await api.cancelByLink(token);
  else if (preview.state === 'requested') return await confirm(token, person);
  else return await enter(token);
}

/** They wait for a place or an answer, or do so no more; who got in is on another page by then. */
function Done({ preview, held }: { preview: LinkPreview; held: Held | null }) {
  if (held === null && preview.state === 'waiting') return <LeftList preview={preview} />;
  if (held === null && preview.state === 'in_review') return <Withdrawn preview={preview} />;
  if (held === null) return null;
  return <HeldNote name={nameOf(preview)} held={held} />;
}

const nameOf = ({ first_name, last_name }: LinkPreview) => `${first_name} ${last_name}`;

function whatToDo(preview: LinkPreview, person: string, choose: (person: string) => void): LinkAct {
  const t = registrationTexts();
  const name = nameOf(preview);
  switch (preview.state) {
    case 'waiting':
      return { title: t.waitsTitle(name), text: t.waitsText(preview.waiting_place ?? 1), action: t.leaveList, look: 'danger' };
    case 'in_review':
      return { title: t.reviewTitle(name), text: t.reviewText, action: t.withdraw, look: 'danger-quiet', children: <Asked preview={preview} /> };
    case 'declined':
      return declined(preview);
    case 'cancelled':
      return { title: t.hello(name), text: t.wasCancelled, action: t.registerAgain, look: 'primary' };
    case 'registered':
      return { title: t.hello(name), text: t.joinText, action: t.join, look: 'primary' };
    case 'requested':
      return toConfirm(preview, person, choose);
  }
}

function toConfirm(preview: LinkPreview, person: string, choose: (person: string) => void): LinkAct {
  const t = registrationTexts();
  return {
    title: t.confirmTitle(nameOf(preview)),
    text: preview.review ? t.confirmReview : t.confirmText,
    action: preview.review ? t.confirmRequest : t.confirm,
    look: 'primary',
    disabled: preview.people.length > 0 && !person,
    children: preview.people.length > 0 && <Who preview={preview} person={person} choose={choose} />,
  };
}

/** What an organiser asked them for. */
function Asked({ preview: { proof_message, organisation } }: { preview: LinkPreview }) {
  const t = registrationTexts();
  if (!proof_message) return null;
  return (
    <Said title={t.asked} words={proof_message}>
      {t.reply(organisation.contact_email)}
    </Said>
  );
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
