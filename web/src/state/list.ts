// A list that the server pages by cursor: the first page at once, the next ones on demand.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ListPage } from '../net/api';
import type { List } from '../net/types';

export interface PagedList<T> {
  items: T[] | null;
  error: unknown;
  /** Whether there is more than what is shown. */
  more: boolean;
  busy: boolean;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
}

type Load<T> = (page: ListPage) => Promise<List<T>>;
interface State<T> {
  items: T[] | null;
  next: string | null;
  error: unknown;
  busy: boolean;
}

const PAGE = 50;
const nothing = { items: null, next: null, error: null, busy: true };

export function useList<T>(key: string, load: Load<T>): PagedList<T> {
  const [state, setState] = useState<State<T>>(nothing);
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;

  const take = useCallback(async (cursor: string | null, before: T[]) => {
    const mine = ++turn.current;
    setState((old) => ({ ...old, busy: true, error: null }));
    try {
      const page = await latest.current({ cursor, limit: PAGE });
      if (mine !== turn.current) return;
      setState({ items: [...before, ...page.items], next: page.next, error: null, busy: false });
    } catch (error) {
      if (mine === turn.current) setState((old) => ({ ...old, error, busy: false }));
    }
  }, []);

  useEffect(() => {
    void take(null, []);
    return () => {
      turn.current++;
    };
  }, [key]);

  return {
    items: state.items,
    error: state.error,
    more: state.next !== null,
    busy: state.busy,
    loadMore: () => take(state.next, state.items ?? []),
    reload: () => take(null, []),
  };
}
