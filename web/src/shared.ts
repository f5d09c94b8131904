// The first chunk: the application itself, and what nearly every page uses. The build imports this file
// into every other one, so that all of it is one file to fetch instead of one for each set of pages.
import './main';
import './features/stage/able';
import './net/backoff';
import './net/protocol';
import './app/live/texts';
import './ui/People';
import './ui/talkTimes';
import './features/slides/image';
import './features/recording/liveTexts';
import './features/stage/here';
import './features/stage/shape';
import './features/slides/Picture';
import './state/action';
import './state/clock';
import './state/resource';
import './state/voice';
import './ui/Badge';
import './ui/Brand';
import './ui/Card';
import './ui/Lazy';
import './ui/Preferences';
import './ui/PublicShell';
import './ui/useTitle';
import './ui/validity';
