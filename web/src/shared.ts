// The first chunk: the application itself, and what nearly every page uses. The build imports this file
// into every other one, so that all of it is one file to fetch instead of one for each set of pages.
import './main';
import './state/action';
import './state/resource';
import './ui/Badge';
import './ui/Brand';
import './ui/Card';
import './ui/Preferences';
import './ui/useTitle';
