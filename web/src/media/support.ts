import type { Support } from './types';

/** What this browser can, as far as can be told without asking for a device. */
export function support(): Support {
  const has = (name: string) => name in globalThis;
  const worklets = has('AudioWorkletNode');
  const devices = typeof navigator !== 'undefined' && !!navigator.mediaDevices;
  return {
    publish: devices && worklets && has('AudioEncoder') && has('VideoEncoder'),
    voice: worklets && has('AudioDecoder'),
    picture: has('VideoDecoder'),
    shareScreen: devices && 'getDisplayMedia' in navigator.mediaDevices,
  };
}
