// Tabs of one page (no address of their own): the panels of a room. All panels stay in the page, so
// that changing tabs loses nothing that was begun in one.
import type { ComponentChildren, Ref, TargetedKeyboardEvent } from 'preact';
import { useId } from 'preact/hooks';
import { common } from '../../i18n/common';
import { IconButton } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';

export interface SideTab {
  key: string;
  label: string;
  icon: IconName | undefined;
  /** A word that draws attention, such as "open" or a count. */
  mark?: string | null;
  content: ComponentChildren;
}

interface SidePanelProps {
  label: string;
  tabs: readonly SideTab[];
  current: string;
  onSelect: (key: string) => void;
  /** Over the whole screen the panel is a drawer. */
  drawer?: { open: boolean; close: () => void };
  panel?: Ref<HTMLElement> | undefined;
}

export function SidePanel({ label, tabs, current, onSelect, drawer, panel }: SidePanelProps) {
  const id = useId();
  const shown = tabs.find((tab) => tab.key === current) ?? tabs[0];
  return (
    <aside class={`side${drawer?.open ? ' side--open' : ''}`} aria-label={label} ref={panel ?? null}>
      <div class="side__head">
        <TabList {...{ id, label, tabs, shown, onSelect }} />
        {drawer && (
          <span class="side__close">
            <IconButton icon="close" label={common().close} onClick={drawer.close} />
          </span>
        )}
      </div>
      {tabs.map((tab) => (
        <div
          class="side__panel"
          role="tabpanel"
          key={tab.key}
          id={`${id}-${tab.key}-panel`}
          aria-labelledby={`${id}-${tab.key}`}
          tabIndex={0}
          hidden={tab !== shown}
        >
          {tab.content}
        </div>
      ))}
    </aside>
  );
}

interface TabListProps {
  id: string;
  label: string;
  tabs: readonly SideTab[];
  shown: SideTab | undefined;
  onSelect: (key: string) => void;
}

function TabList({ id, label, tabs, shown, onSelect }: TabListProps) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !shown) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.key);
    document.getElementById(`${id}-${next.key}`)?.focus();
  };
  return (
    <div class="side__tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          type="button"
          role="tab"
          key={tab.key}
          id={`${id}-${tab.key}`}
          class="side__tab"
          aria-selected={tab === shown}
          aria-controls={`${id}-${tab.key}-panel`}
          tabIndex={tab === shown ? 0 : -1}
          onClick={() => onSelect(tab.key)}
        >
          {tab.icon && <Icon name={tab.icon} size={18} />}
          <span>{tab.label}</span>
          {tab.mark && <span class="side__mark">{tab.mark}</span>}
        </button>
      ))}
    </div>
  );
}
