// What stands in the place of the slides until the session starts, and what the session is about.
import type { LiveSession } from '../../features/sessions/messages';
import { formatSlot } from '../../i18n/zone';
import { Countdown } from './Countdown';
import { liveTexts } from './texts';

export function Waiting({ session }: { session: LiveSession }) {
  const t = liveTexts();
  return (
    <section class="waiting" aria-label={t.lobby}>
      <Countdown to={session.starts_at} />
      <div class="waiting__text">
        <p class="waiting__title">{t.lobby}</p>
        <p class="muted">{t.lobbyText}</p>
      </div>
    </section>
  );
}

export function When({ session }: { session: LiveSession }) {
  const { starts_at, planned_minutes, congress } = session;
  return <span class="number">{formatSlot(starts_at, planned_minutes, congress.time_zone)}</span>;
}

export function About({ session }: { session: LiveSession }) {
  const t = liveTexts();
  if (!session.description) return null;
  return (
    <section class="stack stack--tight room__about" aria-label={t.description} lang={session.language}>
      <h2>{t.description}</h2>
      <p class="prewrap">{session.description}</p>
    </section>
  );
}
