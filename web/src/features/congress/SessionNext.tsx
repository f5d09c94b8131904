// What comes next for a session, for the person who reads it.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { hasRole } from '../../state/me';
import { Button, LinkButton } from '../../ui/Button';
import { CopyField } from '../../ui/CopyField';
import { Icon, type IconName } from '../../ui/Icon';
import type { SessionTabProps } from '../feature';
import { overviewTexts } from './overviewTexts';
import { sessionTexts } from './texts';
import { PublishDialog } from './SessionActions';
import type { PreparedSession } from './usePrepared';

type NextProps = SessionTabProps & { prepared: PreparedSession };

export function SessionNext(props: NextProps) {
  const { session } = props;
  const organiser = hasRole('organiser');
  const t = overviewTexts().next;
  if (session.kind === 'break') return <Next icon="clock" title={sessionTexts().break} text={sessionTexts().breakNote} />;
  if (session.state === 'draft') return organiser ? <Publish {...props} /> : <Next icon="edit" {...t.draft} />;
  if (session.state === 'lobby') return organiser ? <Share {...props} /> : <Prepare {...props} />;
  if (session.state === 'live') return <Next icon="play" {...t.live} />;
  if (session.state === 'cancelled') return <Next icon="close" {...t.cancelled} />;
  return (
    <Next icon="checkCircle" {...t.ended}>
      <LinkButton icon="chart" href={`/sessions/${session.id}/participation`}>
        {t.participation}
      </LinkButton>
    </Next>
  );
}

interface StepProps {
  icon: IconName;
  title: string;
  text: ComponentChildren;
  /** What to press. */
  children?: ComponentChildren;
}

export function Next({ icon, title, text, children }: StepProps) {
  return (
    <section class="next" aria-label={title}>
      <span class="next__mark">
        <Icon name={icon} />
      </span>
      <div class="next__text">
        <h2>{title}</h2>
        <p class="muted">{text}</p>
      </div>
      {children && <div class="next__do">{children}</div>}
    </section>
  );
}

function Publish({ session, reload }: NextProps) {
  const t = overviewTexts().next;
  const [asking, setAsking] = useState(false);
  return (
    <Next icon="send" {...t.publish}>
      <Button look="primary" icon="send" onClick={() => setAsking(true)}>
        {t.publishButton}
      </Button>
      {asking && <PublishDialog session={session} reload={reload} onClose={() => setAsking(false)} />}
    </Next>
  );
}

/** The congress's registration link, to be copied. */
function Share({ session, prepared }: NextProps) {
  const t = overviewTexts().next;
  const links = `/congresses/${session.congress.id}/links`;
  const { links: found } = prepared;
  const link = found?.find(({ open }) => open);
  if (!found) return null;
  if (!link)
    return (
      <Next icon="link" {...t.link}>
        <LinkButton look="primary" icon="add" href={links}>
          {t.linkButton}
        </LinkButton>
      </Next>
    );
  const count = found.reduce((sum, { registered }) => sum + registered, 0);
  return (
    <Next icon="link" title={t.share} text={t.shareText(formatNumber(count), formatNumber(session.capacity), count)}>
      <CopyField label={t.shareLink} hideLabel value={link.url} />
      <a href={links} class="small">
        {t.allLinks}
      </a>
    </Next>
  );
}

/** For whoever conducts it. */
function Prepare({ session, prepared }: NextProps) {
  const t = overviewTexts().next;
  if (prepared.decks === undefined) return null;
  if (prepared.decks > 0 || !hasRole('host', 'speaker')) return <Next icon="checkCircle" {...t.ready} />;
  return (
    <Next icon="slides" {...t.slides}>
      <LinkButton look="primary" icon="upload" href={`/sessions/${session.id}/slides`}>
        {t.slidesButton}
      </LinkButton>
    </Next>
  );
}
