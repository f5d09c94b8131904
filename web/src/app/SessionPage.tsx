// A session and its tabs for those who prepare it.
import { api } from '../features/congress/api';
import { SessionActions } from '../features/congress/SessionActions';
import { sessionTexts } from '../features/congress/texts';
import { congressWords } from '../features/congress/words';
import type { PageProps, SessionTabProps } from '../features/feature';
import { formatDay, formatMinutes } from '../i18n';
import { formatTimeIn } from '../i18n/zone';
import type { Session } from '../net/types';
import { useResource } from '../state/resource';
import { AppShell } from '../ui/AppShell';
import { StateBadge } from '../ui/Badge';
import { Icon } from '../ui/Icon';
import { Lazy } from '../ui/Lazy';
import NotFound from '../ui/NotFound';
import { ResourceView } from '../ui/ResourceView';
import { Tabs } from '../ui/Tabs';
import { sessionTabs, tabLinks, visibleTabs } from './tabs';

const FIRST = 'overview'; // its address is that of the session

async function load(id: string) {
  const session = await api.session(id);
  return { session, congress: await api.congress(session.congress.id) };
}

export default function SessionPage({ params }: PageProps) {
  const { id = '', tab = FIRST } = params;
  const found = useResource(`session ${id}`, () => load(id));
  if (!visibleTabs(sessionTabs).some(({ key }) => key === tab)) return <NotFound />;
  if (found.value) return <Loaded {...found.value} reload={found.reload} tab={tab} />;
  return (
    <AppShell title={sessionTexts().region} crumbs={[home()]}>
      <ResourceView of={found} lines={4}>
        {() => null}
      </ResourceView>
    </AppShell>
  );
}

const home = () => ({ label: congressWords().title, href: '/congresses' });

function Loaded({ tab, ...props }: SessionTabProps & { tab: string }) {
  const t = sessionTexts();
  const { session, congress, reload } = props;
  const base = `/sessions/${session.id}`;
  const tabs = visibleTabs(sessionTabs);
  const links = tabLinks(tabs, props, (key) => (key === FIRST ? base : `${base}/${key}`));
  const current = tabs.find(({ key }) => key === tab);
  return (
    <AppShell
      title={session.title}
      crumbs={[home(), { label: congress.title, href: `/congresses/${congress.id}/sessions` }]}
      subtitle={<When session={session} zone={congress.time_zone} />}
      actions={<SessionActions session={session} reload={reload} publish={tab !== FIRST} />}
      tabs={<Tabs label={t.region} tabs={links} current={tab} />}
    >
      {current && <Lazy key={`${session.id} ${tab}`} load={current.load} props={props} />}
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
        {formatTimeIn(at, zone)} · {formatMinutes(session.planned_minutes)}
      </span>
    </>
  );
}
