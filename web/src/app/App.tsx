import { useEffect, useState } from 'preact/hooks';
import { Features } from '../features/feature';
import { common } from '../i18n/common';
import { loadMe, me } from '../state/me';
import { useModule } from '../state/module';
import { navigate, place } from '../state/place';
import { ErrorState } from '../ui/ErrorState';
import { LeaveDialog } from '../ui/LeaveDialog';
import { Navigation } from '../ui/navigation';
import { NotFound } from '../ui/NotFound';
import { PageLoading } from '../ui/Progress';
import { Toasts } from '../ui/Toast';
import { useFocusOnPage } from './arrival';
import { features } from './features';
import { pages } from './pages';
import { findPage } from './router';

const navigation = features.flatMap((feature) => feature.navigation ?? []);

/** Asks who is signed in, where a page needs to know it. */
function useMe(needed: boolean) {
  const [error, setError] = useState<unknown>(null);
  const known = !needed || me.value !== undefined;
  const ask = () => {
    setError(null);
    loadMe().catch(setError);
  };
  useEffect(() => {
    if (!known) ask();
  }, [known]);
  return { known, error: known ? null : error, ask };
}

function CurrentPage() {
  const { path, search } = place.value;
  useFocusOnPage(path);
  const match = findPage(pages, path);
  const staff = match?.page.staff ?? false;
  const code = useModule(match?.page.load);
  const who = useMe(staff);
  const home = path === '/';
  const signInFirst = staff && who.known && me.value?.kind !== 'staff';
  useEffect(() => {
    if (home) navigate('/congresses', true);
    else if (signInFirst) navigate(`/sign-in?to=${encodeURIComponent(path + search)}`, true);
  }, [home, signInFirst]);
  if (home || signInFirst) return <PageLoading />;
  if (!match) return <NotFound />;
  if (code.error !== null) return <ErrorState error={code.error} onRetry={code.retry} page />;
  if (who.error !== null) return <ErrorState error={who.error} onRetry={who.ask} page />;
  const View = code.view;
  if (!View || !who.known) return <PageLoading />;
  return <View key={match.page.path} params={match.params} />;
}

export function App() {
  return (
    <Features.Provider value={features}>
      <Navigation.Provider value={navigation}>
        <a class="skip-link" href="#main">
          {common().skip}
        </a>
        <CurrentPage />
        <LeaveDialog />
        <Toasts />
      </Navigation.Provider>
    </Features.Provider>
  );
}
