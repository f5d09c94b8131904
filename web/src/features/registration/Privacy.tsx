// The organiser's privacy notice, and the way to it from where people agree to something.
import { language } from '../../i18n';
import { registrationTexts } from './texts';

const PLACE = 'privacy';

export interface Notice {
  privacy_notice_fr: string;
  privacy_notice_en: string;
}

/** In the reader's language, else in the other one; '' when there is none. */
function textOf({ privacy_notice_fr, privacy_notice_en }: Notice): string {
  const own = language.value === 'fr' ? privacy_notice_fr : privacy_notice_en;
  return own || privacy_notice_fr || privacy_notice_en;
}

export function Privacy({ notice }: { notice: Notice }) {
  const text = textOf(notice);
  if (!text) return null;
  return (
    <details class="privacy" id={PLACE}>
      <summary>{registrationTexts().privacy}</summary>
      <p class="prewrap small">{text}</p>
    </details>
  );
}

function show(event: Event): void {
  const place = document.getElementById(PLACE);
  if (!(place instanceof HTMLDetailsElement)) return;
  event.preventDefault();
  place.open = true;
  place.scrollIntoView();
  place.querySelector('summary')?.focus();
}

/** Opens the notice further down the page. */
export function PrivacyLink({ notice }: { notice: Notice }) {
  const t = registrationTexts();
  if (!textOf(notice)) return null;
  return (
    <p class="small muted">
      {t.privacyLead}{' '}
      <a href={`#${PLACE}`} onClick={show}>
        {t.privacy}
      </a>
    </p>
  );
}
