// Said before the form is sent: the representative whose link it is will see who registered by it, and attended.
import { Banner } from '../../ui/Banner';
import type { RegistrationPage } from './api';
import { seenByTexts } from './seenByTexts';

export function SeenBy({ page: { representative, organisation } }: { page: RegistrationPage }) {
  const t = seenByTexts();
  if (representative === null) return null;
  return (
    <Banner silent title={t.title(representative)}>
      <div class="stack stack--tight">
        <p>{t.text(representative, organisation.name)}</p>
        <p>
          {t.whyNot}{' '}
          <a translate={false} href={`mailto:${organisation.contact_email}`}>
            {organisation.contact_email}
          </a>
        </p>
      </div>
    </Banner>
  );
}
