import { formatClock, formatNumber, formatPercent, formatRate } from '../../i18n';
import { api } from '../../net/api';
import type { Connection } from '../../net/socket';
import type { Figures as AllFigures, ProfileFigures, Session } from '../../net/types';
import { hasRole } from '../../state/me';
import { Badge } from '../../ui/Badge';
import { Banner } from '../../ui/Banner';
import { LinkButton } from '../../ui/Button';
import { Card, Figure, Figures } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Meter } from '../../ui/Meter';
import { Skeleton } from '../../ui/Progress';
import { RegistrationCharts } from './RegistrationCharts';
import { participationTexts } from './texts';
import { useFigures } from './useFigures';

interface TabProps {
  session: Session;
  congress: string;
  zone: string;
  /** Loads the session again. */
  reload: () => Promise<void>;
}

export function ParticipationTab({ session, congress, zone, reload }: TabProps) {
  const t = participationTexts();
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
      <section class="stack">
        <h2>{t.profiles}</h2>
        {figures.profiles.length === 0 ? (
          <Card>
            <EmptyState
              icon="target"
              title={t.noProfiles}
              action={
                organiser && (
                  <LinkButton look="primary" href={`/congresses/${congress}/audience`}>
                    {t.define}
                  </LinkButton>
                )
              }
            >
              {t.noProfilesText}
            </EmptyState>
          </Card>
        ) : (
          <ul class="plain goal-cards">
            {figures.profiles.map((profile) => (
              <li key={profile.id}>
                <ProfileCard profile={profile} />
              </li>
            ))}
          </ul>
        )}
      </section>
      {organiser && <RegistrationCharts congress={congress} zone={zone} />}
      {organiser && <Exports session={session.id} />}
    </>
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
  const rate = (part: number, whole: number, text: (share: string) => string, none: string) =>
    whole ? `${text(share(part, whole))} (${formatNumber(part)}/${formatNumber(whole)})` : none;
  return (
    <Figures>
      <Figure label={t.registered} value={formatNumber(registered)} />
      {session.state !== 'ended' && (
        <Figure label={t.present} value={formatNumber(present)} live={live && present > 0} />
      )}
      <Figure
        label={t.attended}
        value={formatNumber(attended)}
        note={rate(attended, registered, t.ofRegistered, t.attendedNote)}
      />
      <Figure
        label={t.completed}
        value={formatNumber(completed)}
        note={rate(completed, attended, t.ofAttended, t.completedNote(threshold))}
      />
      <Figure
        label={t.liveTime}
        value={live_seconds > 0 ? formatClock(live_seconds) : '–'}
        {...(live_seconds > 0 ? {} : { note: t.notLive })}
      />
    </Figures>
  );
}

function ProfileCard({ profile }: { profile: ProfileFigures }) {
  const t = participationTexts();
  const { registered, attended, completed, universe } = profile;
  const rate = (numerator: number, denominator: number | null) => ({
    value: denominator ? numerator / denominator : 0,
    parts: { numerator, denominator },
  });
  return (
    <Card
      title={profile.name}
      level={3}
      text={profile.universe_source ? t.universe(profile.universe_source) : t.noUniverse}
      actions={
        profile.present > 0 && (
          <Badge tone="accent">
            {t.presentNow(profile.present)}
          </Badge>
        )
      }
    >
      <div class="goals">
        <Meter label={t.registrations} value={registered} goal={profile.goal_registrations} />
        <Meter label={t.attendees} value={attended} goal={profile.goal_attendees} />
        <Meter
          label={t.participationRate}
          {...rate(attended, registered)}
          goal={profile.goal_participation_rate}
          whyUnknown={t.nobodyRegistered}
        />
        <Meter
          label={t.completionRate}
          {...rate(completed, attended)}
          goal={null}
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
      </div>
    </Card>
  );
}

function Exports({ session }: { session: string }) {
  const t = participationTexts();
  return (
    <Card title={t.exports} text={t.exportsText}>
      <ul class="plain exports">
        <li>
          <LinkButton icon="download" href={api.attendancePath(session)} download>
            {t.attendance}
          </LinkButton>
          <span class="muted small">{t.attendanceText}</span>
        </li>
        <li>
          <LinkButton icon="download" href={api.participationPath(session)} download>
            {t.byProfile}
          </LinkButton>
          <span class="muted small">{t.byProfileText}</span>
        </li>
      </ul>
    </Card>
  );
}
