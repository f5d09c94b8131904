import { render } from 'preact';
import { App } from './app/App';
import { features } from './app/features';
import { startRouter } from './app/router';
import { addErrorTexts } from './i18n/errors';
import { sweepDrafts } from './state/drafts';
import './state/theme';
import { followTranslation } from './ui/translation';

for (const { errors } of features) if (errors) addErrorTexts(errors);

followTranslation();
sweepDrafts();
startRouter();
const root = document.getElementById('app');
if (root) render(<App />, root);
