// A congress and its tabs. Pages are composed here; features do not know each other.
import { formatNumber } from '../i18n';
import { api } from '../net/api';
import type { Congress } from '../net/types';
import { hasRole } from '../state/me';
import { useResource } from '../state/resource';
import { AppShell } from '../ui/AppShell';
import { ErrorState } from '../ui/ErrorState';
import { NotFound } from '../ui/NotFound';
import { Skeleton } from '../ui/Progress';
import { type Tab, Tabs } from '../ui/Tabs';
import { AudienceTab } from '../features/audience/AudienceTab';
import { OverviewTab } from '../features/congress/OverviewTab';
import { SessionsTab } from '../features/congress/SessionsTab';
import { congressTexts } from '../features/congress/texts';
import { LinksTab } from '../features/registration/LinksTab';
import { RegistrationsTab } from '../features/registration/RegistrationsTab';
import type { PageProps } from './router';

const ALL = ['overview', 'sessions', 'audience', 'links', 'registrations'] as const;
type TabKey = (typeof ALL)[number];
const FOR_ORGANISERS: readonly TabKey[] = ['links', 'registrations'];

function tabs(congress: Congress): Tab[] {
  const t = congressTexts().tabs;
  return ALL.filter((key) => hasRole('organiser') || !FOR_ORGANISERS.includes(key)).map((key) => ({
    key,
    label: t[key],
    href: `/congresses/${congress.id}/${key}`,
    ...(key === 'sessions' ? { count: formatNumber(congress.sessions.length) } : {}),
  }));
}

export default function CongressPage({ params }: PageProps) {
  const t = congressTexts();
  const id = params.id ?? '';
  const current = params.tab ?? 'overview';
  const found = useResource(`congress ${id}`, () => api.congress(id));
  const crumbs = [{ label: t.title, href: '/congresses' }];
  const congress = found.value;
  if (!congress)
    return (
      <AppShell title={t.tabs.label} crumbs={crumbs}>
        {found.error !== null ? (
          <ErrorState error={found.error} onRetry={found.reload} />
        ) : (
          <Skeleton lines={4} tall />
        )}
      </AppShell>
    );
  const shown = tabs(congress);
  if (!shown.some((tab) => tab.key === current)) return <NotFound />;
  return (
    <AppShell
      title={congress.title}
      crumbs={crumbs}
      tabs={<Tabs label={t.tabs.label} tabs={shown} current={current} />}
    >
      <Content tab={current as TabKey} congress={congress} reload={found.reload} />
    </AppShell>
  );
}

interface ContentProps {
  tab: TabKey;
  congress: Congress;
  reload: () => Promise<void>;
}

function Content({ tab, congress, reload }: ContentProps) {
  if (tab === 'overview')
    return <OverviewTab key={congress.id} congress={congress} reload={reload} />;
  if (tab === 'sessions') return <SessionsTab congress={congress} reload={reload} />;
  if (tab === 'audience') return <AudienceTab congress={congress.id} />;
  if (tab === 'links') return <LinksTab congress={congress.id} />;
  return <RegistrationsTab congress={congress.id} zone={congress.time_zone} />;
}
