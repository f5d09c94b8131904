// What a combobox keeps while somebody searches: the text, what was found, which option is active.
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import { find, type Found, type SearchOption } from './search';

const PAGE = 8; // options that Page Up and Page Down pass over

export interface Search {
  listId: string;
  found: readonly Found[];
  /** The option that the arrow keys have reached; -1: none. */
  current: number;
  /** What was typed since the list was opened; null: nothing yet. */
  typed: string | null;
  open: boolean;
  /** Opens the list, at the option with this value if there is one. */
  show: (value?: string) => void;
  type: (text: string) => void;
  move: (to: number) => void;
  /** Forgets what was typed; the list stays open at the option. */
  clear: (option: SearchOption) => void;
  close: () => void;
}

export function useSearch(options: readonly SearchOption[]): Search {
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const found = useMemo(() => find(options, typed ?? ''), [options, typed]);
  const current = Math.min(active, found.length - 1);
  useEffect(() => {
    const option = open && current >= 0 && document.getElementById(`${listId}-${current}`);
    if (option) option.scrollIntoView({ block: 'nearest' });
  }, [open, current, found]);
  const at = (value?: string) => options.findIndex((option) => option.value === value);
  return {
    listId,
    found,
    current,
    typed,
    open,
    show: (value) => {
      if (!open) setActive(at(value));
      setOpen(true);
    },
    type: (text) => {
      setTyped(text);
      setActive(text.trim() ? 0 : -1);
      setOpen(true);
    },
    move: (to) => setActive(Math.max(0, Math.min(found.length - 1, to))),
    clear: (option) => {
      if (typed) setActive(at(option.value));
      setTyped(null);
    },
    close: () => {
      setOpen(false);
      setTyped(null);
    },
  };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
};

/** Acts on a key of an open list; false: the key is left to the browser. */
function pressedOpen(event: KeyboardEvent, search: Search, choose: (of: SearchOption) => void): boolean {
  const { current, found, move, close } = search;
  const option = found[current]?.option;
  const step = STEPS[event.key];
  if (event.key === 'ArrowUp' && event.altKey) close();
  else if (step !== undefined) move(current < 0 && step < 0 ? found.length - 1 : current + step);
  else if (event.key === 'Escape') close();
  else if (event.key !== 'Enter') return false;
  else if (option) choose(option);
  return true;
}

/** The keys of the ARIA combobox pattern. `value`: where a list that a key opens begins. */
export function pressed(
  event: KeyboardEvent,
  search: Search,
  choose: (option: SearchOption) => void,
  value?: string,
): void {
  const opens = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  if (!search.open && opens) search.show(value);
  else if (!search.open || !pressedOpen(event, search, choose)) return;
  event.preventDefault();
  event.stopPropagation();
}
