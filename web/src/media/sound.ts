// The audio context of this page's sound, with the library's worklet in it.
import { RATE } from './time';

/** Where the build put worklet/sound.worklet.ts. */
declare const SOUND_WORKLET: string;

/** rate: null for the device's own, where the browser connects no others. */
export async function openSound(rate: number | null = RATE): Promise<AudioContext> {
  const context = new AudioContext({ latencyHint: 'interactive', ...(rate && { sampleRate: rate }) });
  try {
    await context.audioWorklet.addModule(SOUND_WORKLET);
  } catch (error) {
    void context.close();
    throw error;
  }
  return context;
}
