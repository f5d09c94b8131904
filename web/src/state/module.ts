// Code that is fetched when it is first needed: pages, tabs and panels.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Imports a file whose default export is a component. */
export type Load<P> = () => Promise<{ default: ComponentType<P> }>;

const loaded = new WeakMap<object, unknown>(); // from each Load<P> to its ComponentType<P>

async function fetchModule<P>(load: Load<P>): Promise<void> {
  const module = await load();
  loaded.set(load, module.default);
}

export interface Loaded<P> {
  /** Null while it is fetched, or when that failed. */
  view: ComponentType<P> | null;
  error: unknown;
  retry(): void;
}

/** The component of `load`, which must be the same function in every rendering; undefined: none. */
export function useModule<P>(load: Load<P> | undefined): Loaded<P> {
  const [, renderAgain] = useState(0);
  const [failed, setFailed] = useState<{ load: Load<P>; error: unknown } | null>(null);
  const view = load ? ((loaded.get(load) as ComponentType<P> | undefined) ?? null) : null;
  const start = () => {
    if (!load) return;
    setFailed(null);
    fetchModule(load).then(
      () => renderAgain((n) => n + 1),
      (error: unknown) => setFailed({ load, error }),
    );
  };
  useEffect(() => {
    if (!view) start();
  }, [load]);
  return { view, error: failed && failed.load === load ? failed.error : null, retry: start };
}
