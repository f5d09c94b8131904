import { useEffect, useState } from 'preact/hooks';
import { Features, type Page } from '../features/feature';
import { common } from '../i18n/common';
import { load, staff as staffMe } from '../state/me';
import { useModule } from '../state/module';
import { navigate, place } from '../state/place';
import { answerAll, asking } from '../state/proof';
import { ErrorState } from '../ui/ErrorState';
import { LeaveDialog } from '../ui/LeaveDialog';
import { Navigation } from '../ui/navigation';
import { PageLoading } from '../ui/Progress';
import { Toasts } from '../ui/Toast';
import { useFocusOnPage } from './arrival';
import { features } from './features';
import { pages, proof } from './pages';
import { findPage } from './router';
import { SomebodyElse } from './SomebodyElse';

const navigation = features.flatMap((feature) => feature.navigation ?? []);

const nowhere: Page = { path: '', load: () => import('../ui/NotFound') };

/** Asks who of staff is signed in, where a page needs to know it. */
function useStaff(needed: boolean) {
  const [error, setError] = useState<unknown>(null);
  const known = !needed || staffMe.value !== undefined;
  const ask = () => {
    setError(null);
    load('staff').catch(setError);
  };
  useEffect(() => {
    if (!known) ask();
  }, [known]);
  return { known, error: known ? null : error, ask };
}

function CurrentPage() {
  const { path, search } = place.value;
  useFocusOnPage(path);
  const { page, params } = findPage(pages, path) ?? { page: nowhere, params: {} };
  const staff = page.staff ?? false;
  const home = path === '/';
  const code = useModule(home ? undefined : page.load);
  const who = useStaff(staff);
  const signInFirst = staff && who.known && !staffMe.value;
  useEffect(() => {
    if (home) navigate('/congresses', true);
    else if (signInFirst) navigate(`/sign-in?to=${encodeURIComponent(path + search)}`, true);
  }, [home, signInFirst]);
  if (home || signInFirst) return <PageLoading />;
  if (code.error !== null) return <ErrorState error={code.error} onRetry={code.retry} page />;
  if (who.error !== null) return <ErrorState error={who.error} onRetry={who.ask} page />;
  const View = code.view;
  if (!View || !who.known) return <PageLoading />;
  return <View key={page.path} params={params} />;
}


/** The dialog that asks whether it is still the same person, while somebody waits for that. */
function Proof() {
  const needed = asking.value !== null;
  const { view: View, error } = useModule(needed ? proof : undefined);
  useEffect(() => {
    if (error !== null) answerAll(false);
  }, [error]);
  return needed && View ? <View /> : null;
}

export function App() {
  return (
    <Features.Provider value={features}>
      <Navigation.Provider value={navigation}>
        <a class="skip-link" href="#main">
          {common().skip}
        </a>
        <CurrentPage />
        <Proof />
        <LeaveDialog />
        <SomebodyElse />
        <Toasts />
      </Navigation.Provider>
    </Features.Provider>
  );
}
