// A session and its tabs for those who prepare it.
import { formatDay, formatMinutes, formatTime, formatZone } from '../i18n';
import { api } from '../net/api';
import type { Congress, Session } from '../net/types';
import { hasRole } from '../state/me';
import { useResource } from '../state/resource';
import { AppShell } from '../ui/AppShell';
import { StateBadge } from '../ui/Badge';
import { Banner } from '../ui/Banner';
import { ErrorState } from '../ui/ErrorState';
import { Icon } from '../ui/Icon';
import { NotFound } from '../ui/NotFound';
import { Skeleton } from '../ui/Progress';
import { type Tab, Tabs } from '../ui/Tabs';
import { SessionActions } from '../features/congress/SessionActions';
import { SessionOverview } from '../features/congress/SessionOverview';
import { congressTexts, sessionTexts } from '../features/congress/texts';
import { ParticipationTab } from '../features/participation/ParticipationTab';
import { PollsTab } from '../features/polls/PollsTab';
import { DecksTab } from '../features/slides/DecksTab';
import type { PageProps } from './router';

const ALL = ['overview', 'slides', 'polls', 'participation'] as const;
type TabKey = (typeof ALL)[number];

interface Loaded {
  session: Session;
  congress: Congress;
}

async function load(id: string): Promise<Loaded> {
  const session = await api.session(id);
  return { session, congress: await api.congress(session.congress.id) };
}

export default function SessionPage({ params }: PageProps) {
  const t = sessionTexts();
  const id = params.id ?? '';
  const current = params.tab ?? 'overview';
  const found = useResource(`session ${id}`, () => load(id));
  const home = { label: congressTexts().title, href: '/congresses' };
  if (!ALL.some((key) => key === current)) return <NotFound />;
  if (!found.value)
    return (
      <AppShell title={t.tabs.label} crumbs={[home]}>
        {found.error !== null ? (
          <ErrorState error={found.error} onRetry={found.reload} />
        ) : (
          <Skeleton lines={4} tall />
        )}
      </AppShell>
    );
  const { session, congress } = found.value;
  const tabs: Tab[] = ALL.map((key) => ({
    key,
    label: t.tabs[key],
    href: key === 'overview' ? `/sessions/${id}` : `/sessions/${id}/${key}`,
  }));
  const crumbs = [home, { label: congress.title, href: `/congresses/${congress.id}/sessions` }];
  return (
    <AppShell
      title={session.title}
      crumbs={crumbs}
      subtitle={<When session={session} zone={congress.time_zone} />}
      actions={<SessionActions session={session} reload={found.reload} />}
      tabs={<Tabs label={t.tabs.label} tabs={tabs} current={current} />}
    >
      {session.state === 'draft' && hasRole('organiser') && current === 'overview' && (
        <Banner tone="warn" title={t.draftTitle}>
          {t.draftText}
        </Banner>
      )}
      <Content tab={current as TabKey} {...found.value} reload={found.reload} />
    </AppShell>
  );
}

function When({ session, zone }: { session: Session; zone: string }) {
  const at = session.starts_at;
  return (
    <>
      <StateBadge state={session.state} />
      <span class="with-icon">
        <Icon name="calendar" size={16} />
        {formatDay(at, zone)}
      </span>
      <span class="with-icon">
        <Icon name="clock" size={16} />
        {formatTime(at, zone)} {formatZone(at, zone)} · {formatMinutes(session.planned_minutes)}
      </span>
    </>
  );
}

interface ContentProps extends Loaded {
  tab: TabKey;
  reload: () => Promise<void>;
}

function Content({ tab, session, congress, reload }: ContentProps) {
  if (tab === 'overview')
    return <SessionOverview session={session} congress={congress} reload={reload} />;
  if (tab === 'slides') return <DecksTab session={session.id} />;
  if (tab === 'polls') return <PollsTab session={session.id} />;
  return (
    <ParticipationTab
      session={session}
      congress={congress.id}
      zone={congress.time_zone}
      reload={reload}
    />
  );
}
