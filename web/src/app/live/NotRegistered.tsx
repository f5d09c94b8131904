// The live page for people who are not signed in. A file of its own: whoever enters the room needs none of it.
import { NoLink } from '../../features/registration/NoLink';
import { liveTexts } from './texts';

export default function NotRegistered() {
  const t = liveTexts();
  return <NoLink title={t.link}>{t.linkText}</NoLink>;
}
