// What of the stage is fetched when somebody is on it, in one file.
export { default as Guest } from './Guest';
export { default as SoundBar } from './SoundBar';
export { default as StageDesk } from './StageDesk';
export { default as StagePanel } from './StagePanel';
export { default as Theatre } from './Theatre';
