import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { loadMe, me } from '../state/me';
import { ErrorState } from '../ui/ErrorState';
import { LeaveDialog } from '../ui/LeaveDialog';
import { NotFound } from '../ui/NotFound';
import { PageLoading } from '../ui/Progress';
import { Toasts } from '../ui/Toast';
import { findRoute, navigate, type PageProps, place, type Route } from './router';
import { routes } from './routes';

const loaded = new Map<Route, ComponentType<PageProps>>();

/** Loads the page's chunk, and who is signed in where the page needs it. */
async function prepare(route: Route): Promise<void> {
  const [module] = await Promise.all([route.load(), route.staff ? loadMe() : undefined]);
  loaded.set(route, module.default);
}

function useRoute(route: Route | undefined) {
  const [, again] = useState(0);
  const [failed, setFailed] = useState<{ route: Route; error: unknown } | null>(null);
  const ready = route && loaded.has(route) && (!route.staff || me.value !== undefined);
  const load = () => {
    if (!route) return;
    setFailed(null);
    prepare(route).then(
      () => again((n) => n + 1),
      (error: unknown) => setFailed({ route, error }),
    );
  };
  useEffect(() => {
    if (!ready) load();
  }, [route, ready]);
  return { ready, error: failed && failed.route === route ? failed.error : null, load };
}

function Page() {
  const { path, search } = place.value;
  const match = findRoute(routes, path);
  const { ready, error, load } = useRoute(match?.route);
  const home = path === '/';
  const signInFirst = ready && match?.route.staff && me.value?.kind !== 'staff';
  useEffect(() => {
    if (home) navigate('/congresses', true);
    else if (signInFirst) navigate(`/sign-in?to=${encodeURIComponent(path + search)}`, true);
  }, [home, signInFirst]);
  if (home || signInFirst) return <PageLoading />;
  if (!match) return <NotFound />;
  if (error) return <ErrorState error={error} onRetry={load} page />;
  const View = loaded.get(match.route);
  return ready && View ? <View key={match.route.path} params={match.params} /> : <PageLoading />;
}

export function App() {
  return (
    <>
      <a class="skip-link" href="#main">
        {common().skip}
      </a>
      <Page />
      <LeaveDialog />
      <Toasts />
    </>
  );
}
