// Whether this browser can give a voice at all, before anything is loaded for it (media/support.ts says more).
export const canSpeak = (): boolean =>
  'AudioEncoder' in globalThis && 'VideoEncoder' in globalThis && 'mediaDevices' in navigator;
