// /r/:code: registration for an event, in French and English.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../feature';
import { formatLongDay, formatMinutes, languageChosen, setLanguage, unbroken } from '../../i18n';
import { formatTimeIn } from '../../i18n/zone';
import { ApiError } from '../../net/api';
import type { PublicSession } from '../../net/types';
import { loadCodes } from '../../state/codes';
import { useResource } from '../../state/resource';
import { StateBadge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Card } from '../../ui/Card';
import { DateTile } from '../../ui/DateTile';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageLoading } from '../../ui/Progress';
import { PublicShell } from '../../ui/PublicShell';
import { ProgrammeList } from '../../ui/ProgrammeList';
import { api, type RegistrationPage } from './api';
import { admitsOthers } from './categories';
import { policyTexts } from './policyTexts';
import { Privacy } from './Privacy';
import { type Invited, RegisterForm } from './RegisterForm';
import { Reserved } from './Reserved';
import { Sent, SendAgain } from './SendAgain';
import { ToForm } from './ToForm';
import { registrationTexts } from './texts';
import { WholeProgramme } from './WholeProgramme';

export default function RegisterPage({ params }: PageProps) {
  const code = params.code ?? '';
  const t = registrationTexts();
  const page = useResource(code, async () => {
    const [found] = await Promise.all([api.registrationPage(code), loadCodes()]);
    return found;
  });
  const wanted = page.value?.congress.language;
  useEffect(() => {
    if (wanted && !languageChosen()) setLanguage(wanted, false);
  }, [wanted]);
  if (page.loading) return <PageLoading />;
  if (page.error instanceof ApiError && page.error.status === 404)
    return (
      <PublicShell title={t.unknown}>
        <EmptyState icon="link" title={t.unknown}>
          {t.unknownText}
        </EmptyState>
      </PublicShell>
    );
  if (!page.value) return <ErrorState error={page.error} onRetry={page.reload} page />;
  return <Registration code={code} page={page.value} />;
}

interface RegistrationProps {
  code: string;
  page: RegistrationPage;
  /** A personal invitation, by which the form is filled in. */
  invited?: Invited;
  /** Above the form. */
  children?: ComponentChildren;
}

/** The event, and the form by which people register for it. */
export function Registration({ code, page, invited, children }: RegistrationProps) {
  const t = registrationTexts();
  const [sent, setSent] = useState<{ to: string; reviewed: boolean } | null>(null);
  return (
    <PublicShell title={`${t.register} · ${page.congress.title}`} organisation={page.organisation}>
      <div class="stack stack--wide">
        <header class="stack" lang={page.congress.language}>
          <h1 class="event-title">{unbroken(page.congress.title)}</h1>
          {page.congress.description && <p class="muted prewrap">{page.congress.description}</p>}
        </header>
        {page.sessions.length > 1 && <WholeProgramme path={`/programme/${code}`} />}
        <Programme sessions={page.sessions} congress={page.congress} />
        {sent === null && children}
        {sent !== null && <Sent email={sent.to} review={sent.reviewed} />}
        {sent === null && <Entrance code={code} page={page} onSent={(to, reviewed) => setSent({ to, reviewed })} {...(invited && { invited })} />}
        {sent === null && !invited && <SendAgain code={code} />}
        <Privacy notice={page.organisation} />
      </div>
    </PublicShell>
  );
}

interface EntranceProps {
  code: string;
  page: RegistrationPage;
  onSent: (email: string, reviewed: boolean) => void;
  invited?: Invited;
}

/** The form, or why there is none. */
function Entrance({ code, page, onSent, invited }: EntranceProps) {
  const t = registrationTexts();
  if (!page.link_open) return <Shut title={t.linkClosed} text={t.linkClosedText} />;
  if (!page.open) return <Shut title={t.closed} text={t.closedText} />;
  if (page.policy === 'invitation' && !invited) return <Shut title={policyTexts().invitedOnly} text={policyTexts().invitedOnlyText} />;
  if (page.full && !page.waiting_list) return <Shut title={t.full} text={t.fullText} />;
  return (
    <>
      {!invited && !admitsOthers(page.categories ?? []) && <Reserved policy={page.policy} />}
      {page.review && <Banner silent>{t.reviewed}</Banner>}
      {page.waiting_list && (
        <Banner silent tone={page.full ? 'warn' : 'info'}>
          {page.full ? t.fullWaits : t.mayWait}
        </Banner>
      )}
      <RegisterForm code={code} page={page} onSent={onSent} {...(invited && { invited })} />
      <ToForm />
    </>
  );
}

function Shut({ title, text }: { title: string; text: string }) {
  return (
    <Card>
      <EmptyState icon="calendar" title={title}>
        {text}
      </EmptyState>
    </Card>
  );
}

type Programmed = Pick<RegistrationPage, 'sessions' | 'congress'>;

function Programme({ sessions, congress }: Programmed) {
  const t = registrationTexts();
  const zone = congress.time_zone;
  return (
    <ul class="plain stack stack--tight" aria-label={t.program}>
      {sessions.map((session) => (
        <li class="programme" key={`${session.starts_at}${session.title}`}>
          <DateTile at={session.starts_at} zone={zone} past={session.state === 'ended'} />
          <p class="programme__when number">
            <strong>{formatLongDay(session.starts_at, zone)}</strong>
            <span>
              {formatTimeIn(session.starts_at, zone)}&nbsp;·{' '}
              {formatMinutes(session.planned_minutes)}
            </span>
          </p>
          <What session={session} congress={congress} alone={sessions.length === 1} />
          {hasProgramme(session) && (
            <div class="programme__talks">
              <ProgrammeList programme={session.programme} startsAt={session.starts_at} zone={zone} language={session.language} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

const hasProgramme = ({ state, programme: { speakers, talks } }: PublicSession) =>
  state !== 'cancelled' && speakers.length + talks.length > 0;

interface WhatProps {
  session: PublicSession;
  congress: RegistrationPage['congress'];
  alone: boolean;
}

/** Title, description and state of a session, where the page does not show them above. */
function What({ session, congress, alone }: WhatProps) {
  const title = alone && session.title === congress.title ? '' : session.title;
  const description = session.description === congress.description ? '' : session.description;
  const special = session.state !== 'lobby';
  if (!title && !description && !special) return null;
  return (
    <div class="programme__what" lang={session.language}>
      <p class="row">
        {title && <strong>{unbroken(title)}</strong>}
        {special && <StateBadge state={session.state} />}
      </p>
      {description && <p class="muted small prewrap">{description}</p>}
    </div>
  );
}
