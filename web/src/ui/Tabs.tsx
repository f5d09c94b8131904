// Tabs as links: each tab has its own address, so back, reload and sharing work.
import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './Icon';

export interface Tab {
  key: string;
  label: string;
  href: string;
  icon?: IconName;
  count?: string;
}

export function Tabs({ label, tabs, current }: { label: string; tabs: Tab[]; current: string }) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const nav = ref.current;
    const tab = nav?.querySelector<HTMLElement>('[aria-current]');
    if (nav && tab) nav.scrollLeft = tab.offsetLeft - (nav.clientWidth - tab.clientWidth) / 2;
  }, [current]);
  return (
    <nav class="tabs" aria-label={label} ref={ref}>
      {tabs.map((tab) => (
        <a
          key={tab.key}
          class="tabs__tab"
          href={tab.href}
          aria-current={tab.key === current ? 'page' : undefined}
        >
          {tab.icon && <Icon name={tab.icon} size={18} />}
          <span>{tab.label}</span>
          {tab.count !== undefined && <span class="tabs__count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}
