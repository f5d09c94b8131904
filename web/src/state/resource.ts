// A value that is fetched when a component appears or its key changes. It is loading, there, or failed.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Resource<T> {
  value: T | null;
  error: unknown;
  loading: boolean;
  reload(): Promise<void>;
  /** Replaces the value, for example by the answer to a change. */
  set(value: T): void;
}

export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const [state, setState] = useState<{ key: string; value: T | null; error: unknown }>({
    key,
    value: null,
    error: null,
  });
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const value = await latest.current();
      if (mine === turn.current) setState({ key, value, error: null });
    } catch (error) {
      if (mine === turn.current)
        setState((old) => ({ key, value: old.key === key ? old.value : null, error }));
    }
  }, [key]);

  useEffect(() => {
    void reload();
    return () => {
      turn.current++;
    };
  }, [reload]);

  const set = useCallback(
    (value: T) => {
      turn.current++;
      setState({ key, value, error: null });
    },
    [key],
  );
  const own = state.key === key;
  const value = own ? state.value : null;
  const error = own ? state.error : null;
  return { value, error, loading: value === null && error === null, reload, set };
}

/** Fetches it again `ms` after each answer, a failed one too, while `wanted`: what the server is at work on. */
export function useReloadWhile<T>(found: Resource<T>, wanted: boolean, ms: number): void {
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => void found.reload(), ms);
    return () => clearTimeout(timer);
  }, [wanted, found.value, found.error]);
}
