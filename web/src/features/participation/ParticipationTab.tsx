// The figures of a session against the goals of each target profile, live while it runs.
import { useState } from 'preact/hooks';
import { formatClock, formatNumber, formatPercent, formatRate } from '../../i18n';
import type { Connection } from '../../net/connection';
import type { Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { Button, LinkButton } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Meter } from '../../ui/Meter';
import { Skeleton } from '../../ui/Progress';
import type { SessionTabProps } from '../feature';
import { Exports } from './Exports';
import type { Figures as AllFigures, Counts, ProfileFigures } from './messages';
import { SessionGoalsDialog } from './SessionGoalsDialog';
import { participationTexts } from './texts';
import { useFigures } from './useFigures';

export default function ParticipationTab({ session, congress, reload }: SessionTabProps) {
  const { rest, figures, connection } = useFigures(session, () => void reload());
  const organiser = hasRole('organiser');
  if (!figures)
    return rest.error !== null ? (
      <ErrorState error={rest.error} onRetry={rest.reload} />
    ) : (
      <Skeleton lines={3} tall />
    );
  return (
    <>
      <ConnectionLine connection={connection} live={session.state === 'live'} />
      <Totals figures={figures} session={session} />
      {figures.others.registered > 0 && (
        <p class="muted small">{participationTexts().onlyHcps(formatNumber(figures.others.registered), formatNumber(figures.others.attended))}</p>
      )}
      <Profiles
        figures={figures}
        state={session.state}
        congress={congress.id}
        organiser={organiser}
        session={session.id}
        reload={rest.reload}
      />
      {organiser && <Exports session={session.id} />}
    </>
  );
}

interface ProfilesProps {
  figures: AllFigures;
  state: Session['state'];
  congress: string;
  organiser: boolean;
  session: string;
  reload: () => Promise<void>;
}

function Profiles({ figures, state, congress, organiser, session, reload }: ProfilesProps) {
  const t = participationTexts();
  const [setting, setSetting] = useState(false);
  const { profiles, no_profile } = figures;
  return (
    <section class="stack">
      <div class="row row--between">
        <h2>{t.profiles}</h2>
        {organiser && profiles.length > 0 && (
          <Button small icon="target" onClick={() => setSetting(true)}>
            {t.sessionGoals}
          </Button>
        )}
      </div>
      {setting && <SessionGoalsDialog session={session} onDone={reload} onClose={() => setSetting(false)} />}
      {profiles.length === 0 ? (
        <NoProfiles congress={congress} organiser={organiser} />
      ) : (
        <ul class="plain goal-cards">
          {profiles.map((profile) => (
            <li key={profile.id}>
              <ProfileCard profile={profile} state={state} />
            </li>
          ))}
          {no_profile.registered > 0 && (
            <li>
              <NoProfileCard figures={no_profile} state={state} />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function NoProfiles({ congress, organiser }: Pick<ProfilesProps, 'congress' | 'organiser'>) {
  const t = participationTexts();
  const define = organiser && (
    <LinkButton look="primary" href={`/congresses/${congress}/audience`}>
      {t.define}
    </LinkButton>
  );
  return (
    <Card>
      <EmptyState icon="target" title={t.noProfiles} action={define}>
        {t.noProfilesText}
      </EmptyState>
    </Card>
  );
}

function ConnectionLine({ connection, live }: { connection: Connection | null; live: boolean }) {
  const t = participationTexts();
  if (!connection || connection.is === 'closed') return null;
  if (connection.is === 'online')
    return (
      <p class="live-line">
        <Badge tone={live ? 'live' : 'good'}>{t.live}</Badge>
      </p>
    );
  if (connection.is === 'waiting') return <Banner tone="warn">{t.lost}</Banner>;
  return <p class="faint small live-line">{t.connecting}</p>;
}

const share = (part: number, whole: number) => formatRate(whole ? part / whole : 0);

function Totals({ figures, session }: { figures: AllFigures; session: Session }) {
  const t = participationTexts();
  const { registered, present, attended, completed, live_seconds } = figures;
  const live = session.state === 'live';
  const threshold = formatPercent(session.completion_threshold ?? 0.75);
  const note = (part: number, whole: number, text: (share: string) => string, none: string) =>
    whole ? `${text(share(part, whole))} (${formatNumber(part)}/${formatNumber(whole)})` : none;
  return (
    <Figures>
      <Figure label={t.registered} value={formatNumber(registered)} />
      {session.state !== 'ended' && (
        <Figure label={t.present} value={formatNumber(present)} live={live && present > 0} />
      )}
      <Figure
        label={live ? t.attendedSoFar : t.attended}
        value={formatNumber(attended)}
        note={note(attended, registered, t.ofRegistered, t.attendedNote)}
      />
      <Figure
        label={live ? t.completedSoFar : t.completed}
        value={formatNumber(completed)}
        note={
          live
            ? t.soFarNote(threshold)
            : note(completed, attended, t.ofAttended, t.completedNote(threshold))
        }
      />
      <Figure
        label={live ? t.liveTimeSoFar : t.liveTime}
        value={live_seconds > 0 ? formatClock(live_seconds) : '–'}
        {...(live_seconds > 0 ? {} : { note: t.notLive })}
      />
    </Figures>
  );
}

/** Whoever is still on the page of a session that ended is not present at it. */
function presentBadge(count: number, state: Session['state']) {
  if (count === 0 || state === 'ended') return null;
  return <Badge tone="accent">{participationTexts().presentNow(count)}</Badge>;
}

/** So that the cards account for everybody who is registered. */
function NoProfileCard({ figures, state }: { figures: Counts; state: Session['state'] }) {
  const t = participationTexts();
  const live = state === 'live';
  const { registered, present, attended, completed } = figures;
  return (
    <Card
      title={t.noProfile}
      level={3}
      text={t.noProfileText}
      actions={presentBadge(present, state)}
    >
      <div class="goals">
        <Meter label={t.registrations} value={registered} goal={null} />
        <Meter label={live ? t.attendedSoFar : t.attendees} value={attended} goal={null} />
        <Meter label={live ? t.completedSoFar : t.completed} value={completed} goal={null} />
      </div>
    </Card>
  );
}

function ProfileCard({ profile, state }: { profile: ProfileFigures; state: Session['state'] }) {
  const t = participationTexts();
  const live = state === 'live';
  const { name, present, universe_source } = profile;
  return (
    <Card
      title={name}
      level={3}
      text={universe_source ? t.universe(universe_source) : t.noUniverse}
      actions={presentBadge(present, state)}
    >
      <div class="goals">
        <GoalMeters profile={profile} live={live} />
        <RateMeters profile={profile} live={live} />
      </div>
    </Card>
  );
}

const rate = (numerator: number, denominator: number | null) => ({
  value: denominator ? numerator / denominator : 0,
  parts: { numerator, denominator },
});

/** The figures that a profile may have goals for. */
function GoalMeters({ profile, live }: { profile: ProfileFigures; live: boolean }) {
  const t = participationTexts();
  const { registered, attended } = profile;
  return (
    <>
      <Meter label={t.registrations} value={registered} goal={profile.goal_registrations} />
      <Meter
        label={live ? t.attendedSoFar : t.attendees}
        value={attended}
        goal={profile.goal_attendees}
      />
      {profile.goal_completions !== null && (
        <Meter label={live ? t.completedSoFar : t.completed} value={profile.completed} goal={profile.goal_completions} />
      )}
      <Meter
        label={t.participationRate}
        {...rate(attended, registered)}
        goal={profile.goal_participation_rate}
        whyUnknown={t.nobodyRegistered}
      />
    </>
  );
}

function RateMeters({ profile, live }: { profile: ProfileFigures; live: boolean }) {
  const t = participationTexts();
  const { registered, attended, completed, universe } = profile;
  return (
    <>
      <Meter
        label={live ? t.completedSoFar : t.completionRate}
        {...rate(completed, attended)}
        goal={profile.goal_completion_rate}
        whyUnknown={t.nobodyAttended}
      />
      <Meter
        label={t.registrationRate}
        {...rate(registered, universe)}
        goal={null}
        whyUnknown={t.noUniverse}
      />
      <Meter
        label={t.coverage}
        {...rate(attended, universe)}
        goal={null}
        whyUnknown={t.noUniverse}
      />
    </>
  );
}
