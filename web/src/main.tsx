import { render } from 'preact';
import { App } from './app/App';
import { features } from './app/features';
import { startRouter } from './app/router';
import { addErrorTexts } from './i18n/errors';
import { whenSignedOut } from './net/api';
import { sweepDrafts } from './state/drafts';
import { forgetMe, me } from './state/me';
import { navigate, place } from './state/place';
import './state/theme';

for (const { errors } of features) if (errors) addErrorTexts(errors);

whenSignedOut.run = () => {
  // Only where somebody was signed in until now: pages that merely ask are not sent away.
  if (me.value?.kind !== 'staff') return;
  forgetMe();
  navigate(`/sign-in?to=${encodeURIComponent(place.value.path)}`, true);
};

sweepDrafts();
startRouter();
const root = document.getElementById('app');
if (root) render(<App />, root);
