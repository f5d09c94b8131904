// The way to the public programme, a page that the server writes.
import { language } from '../../i18n';
import { LinkButton } from '../../ui/Button';
import { registrationTexts } from './texts';

export function WholeProgramme({ path }: { path: string }) {
  return (
    <p class="row">
      <LinkButton icon="calendar" href={`${path}?lang=${language.value}`}>
        {registrationTexts().whole}
      </LinkButton>
    </p>
  );
}
