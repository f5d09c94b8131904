// Live voice and picture in the browser. Pages load this file when they need it: nothing of it belongs to the
// first load of a page (types may be imported everywhere).
//
// A page that gives: createCapture(), turnOn('microphone'), publish(). A page that takes: createPlayer(),
// receive() with each frame of kind 2, startSound() out of a press, show() for each picture, and
// media.watch whenever state.rung changes.
export { createCapture } from './capture';
export { listDevices, watchDevices } from './devices';
export { EchoWatch } from './echo';
export { createPlayer } from './player';
export { cameraOf, publisherOf, screenOf, voiceOf } from './streams';
export { support } from './support';
export type * from './types';
