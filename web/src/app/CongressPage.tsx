// A congress and its tabs. Pages are composed here; features do not know each other.
import { api } from '../features/congress/api';
import { congressTexts } from '../features/congress/texts';
import { congressWords } from '../features/congress/words';
import type { PageProps } from '../features/feature';
import { useResource } from '../state/resource';
import { AppShell } from '../ui/AppShell';
import { Lazy } from '../ui/Lazy';
import NotFound from '../ui/NotFound';
import { ResourceView } from '../ui/ResourceView';
import { Tabs } from '../ui/Tabs';
import { congressTabs, tabLinks, visibleTabs } from './tabs';

export default function CongressPage({ params }: PageProps) {
  const t = congressTexts();
  const { id = '', tab = 'overview' } = params;
  const found = useResource(`congress ${id}`, () => api.congress(id));
  const crumbs = [{ label: congressWords().title, href: '/congresses' }];
  if (!found.value)
    return (
      <AppShell title={t.region} crumbs={crumbs}>
        <ResourceView of={found} lines={4}>
          {() => null}
        </ResourceView>
      </AppShell>
    );
  const tabs = visibleTabs(congressTabs);
  const current = tabs.find(({ key }) => key === tab);
  if (!current) return <NotFound />;
  const props = { congress: found.value, reload: found.reload };
  const links = tabLinks(tabs, props, (key) => `/congresses/${id}/${key}`);
  return (
    <AppShell
      title={found.value.title}
      crumbs={crumbs}
      tabs={<Tabs label={t.region} tabs={links} current={tab} />}
    >
      <Lazy key={`${id} ${tab}`} load={current.load} props={props} />
    </AppShell>
  );
}
