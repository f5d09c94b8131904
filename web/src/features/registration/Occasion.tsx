// Which event a link is about: its title and when it is.
import { unbroken } from '../../i18n';
import { formatSlot } from '../../i18n/zone';
import { ProgrammeList } from '../../ui/ProgrammeList';
import { registrationTexts } from './texts';
import type { LinkPreview } from './api';

const SHOWN = 4;

export function Occasion({ congress, sessions }: Pick<LinkPreview, 'congress' | 'sessions'>) {
  const t = registrationTexts();
  const ahead = sessions.filter((session) => session.state !== 'cancelled');
  return (
    <div class="occasion">
      <p class="occasion__title" lang={congress.language}>
        {unbroken(congress.title)}
      </p>
      <ul class="plain stack stack--tight">
        {ahead.slice(0, SHOWN).map((session) => (
          <li key={`${session.starts_at}${session.title}`}>
            {session.title !== congress.title && <span lang={session.language}>{unbroken(session.title)}</span>}
            <span class="muted small number">
              {formatSlot(session.starts_at, session.planned_minutes, congress.time_zone)}
            </span>
            <ProgrammeList programme={session.programme} startsAt={session.starts_at} zone={congress.time_zone} language={session.language} />
          </li>
        ))}
      </ul>
      {ahead.length > SHOWN && <p class="muted small">{t.moreSessions(ahead.length - SHOWN)}</p>}
    </div>
  );
}
