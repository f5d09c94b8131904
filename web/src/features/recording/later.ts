// What of the recording is fetched when it is shown, in one file.
export { GuestConsent } from './Consent';
export { RecordingBar } from './RecordingBar';
