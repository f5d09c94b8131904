// Said before the form is sent: the representative whose link it is will see who registered by it, and attended. Said on one's own page, too.
import type { Organiser } from '../../net/types';
import { Banner } from '../../ui/Banner';
import { seenByTexts } from './seenByTexts';

interface SeenByProps {
  representative: string | null;
  organisation: Organiser;
}

export function WillBeSeenBy({ representative, organisation: { name, contact_email } }: SeenByProps) {
  const t = seenByTexts();
  if (representative === null) return null;
  return (
    <Banner silent title={t.title(representative)}>
      <div class="stack stack--tight">
        <p>{t.text(representative, name)}</p>
        <p>
          {t.whyNot}{' '}
          <a translate={false} href={`mailto:${contact_email}`}>
            {contact_email}
          </a>
        </p>
      </div>
    </Banner>
  );
}

export function SeenBy({ representative, organisation }: SeenByProps) {
  const t = seenByTexts();
  if (representative === null) return null;
  return (
    <Banner silent title={t.seenTitle(representative)}>
      {t.seen(representative, organisation.name)}
    </Banner>
  );
}
