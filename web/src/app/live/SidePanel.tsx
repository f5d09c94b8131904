// Tabs of one page (no address of their own): the panels of a room.
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useId } from 'preact/hooks';

export interface SideTab {
  key: string;
  label: string;
  /** A word that draws attention, such as "open" or a count. */
  mark?: string | null;
  content: ComponentChildren;
}

interface SidePanelProps {
  label: string;
  tabs: readonly SideTab[];
  current: string;
  onSelect: (key: string) => void;
}

export function SidePanel({ label, tabs, current, onSelect }: SidePanelProps) {
  const id = useId();
  const shown = tabs.find((tab) => tab.key === current) ?? tabs[0];
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
    <aside class="side" aria-label={label}>
      <div class="side__tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            type="button"
            role="tab"
            key={tab.key}
            id={`${id}-${tab.key}`}
            class="side__tab"
            aria-selected={tab === shown}
            aria-controls={`${id}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onSelect(tab.key)}
          >
            {tab.label}
            {tab.mark && <span class="side__mark">{tab.mark}</span>}
          </button>
        ))}
      </div>
      <div class="side__panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown?.key}`} tabIndex={0}>
        {shown?.content}
      </div>
    </aside>
  );
}
