// A button that opens a short list of actions: arrow keys move, Escape closes, focus comes back.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { IconButton } from './Button';
import { Icon, type IconName } from './Icon';
import { useOutsideClick } from './useOutsideClick';

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  onClick: () => void;
}

/** The entry that an arrow key leads to, among `count`; null for every other key. */
function nextIndex(key: string, index: number, count: number): number | null {
  if (key === 'ArrowDown') return (index + 1) % count;
  if (key === 'ArrowUp') return (index - 1 + count) % count;
  return null;
}

/** Opens and closes, moves the focus among the entries and back to the button. */
function useMenu() {
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const entries = () => [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    if (open) entries()[0]?.focus();
  }, [open]);
  useOutsideClick(ref, open, () => setOpen(false));
  const close = () => {
    setOpen(false);
    ref.current?.querySelector('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const all = entries();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const next = nextIndex(event.key, now, all.length);
    if (next !== null) all[next]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };
  return { ref, open, setOpen, close, onKeyDown };
}

export function Menu({ label, items }: { label: string; items: MenuItem[] }) {
  const id = useId();
  const { ref, open, setOpen, close, onKeyDown } = useMenu();
  const choose = (item: MenuItem) => {
    close();
    item.onClick();
  };
  return (
    <div class="menu" ref={ref} onKeyDown={onKeyDown}>
      <IconButton
        icon="more"
        label={label}
        haspopup="menu"
        expanded={open}
        controls={id}
        onClick={() => setOpen(!open)}
      />
      <div class="menu__list" id={id} role="menu" aria-label={label} hidden={!open}>
        {open &&
          items.map((item) => (
            <Entry key={item.label} item={item} onChoose={() => choose(item)} />
          ))}
      </div>
    </div>
  );
}

function Entry({ item, onChoose }: { item: MenuItem; onChoose: () => void }) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class={`menu__item${item.danger ? ' menu__item--danger' : ''}`}
      onClick={onChoose}
    >
      {item.icon && <Icon name={item.icon} size={18} />}
      {item.label}
    </button>
  );
}
