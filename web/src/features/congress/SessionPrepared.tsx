// What a session has for its audience so far, with the way there.
import { plural } from '../../i18n';
import type { Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Card } from '../../ui/Card';
import { overviewTexts } from './overviewTexts';
import { StepLink } from './Steps';
import type { PreparedSession } from './usePrepared';

interface PreparedProps {
  session: Session;
  prepared: PreparedSession;
}

export function SessionPrepared({ session, prepared }: PreparedProps) {
  const t = overviewTexts();
  const { decks, polls } = prepared;
  if (decks === undefined || polls === undefined) return null;
  const base = `/sessions/${session.id}`;
  const steps = [
    { done: decks > 0, title: t.slides, text: decks ? plural(decks, t.decks) : t.noDeck, href: `${base}/slides` },
    { done: polls > 0, title: t.polls, text: polls ? plural(polls, t.pollCount) : t.noPoll, href: `${base}/polls` },
    ...(hasRole('organiser')
      ? [{ done: Boolean(session.listen_at), title: t.sound, text: session.listen_at || t.noSound, href: `${base}/settings` }]
      : []),
  ];
  return (
    <Card title={t.prepared} text={t.preparedText}>
      <ul class="plain steps">
        {steps.map((step) => (
          <li key={step.title}>
            <StepLink step={step} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
