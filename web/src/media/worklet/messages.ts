// What pages and the audio worklet say to each other.
import type { JitterView } from '../jitter';

export const CAPTURE = 'amphi-capture';
export const PLAY = 'amphi-play';

/** From the capture processor: 20 ms of the microphone at 48 kHz. */
export type CapturedFrame = Float32Array<ArrayBuffer>;

/** To the play processor. */
export type PlayOrder =
  /** Decoded samples; time: unwrapped, of the first. */
  | { do: 'put'; stream: number; time: number; samples: Float32Array<ArrayBuffer> }
  /** Samples to keep in store. */
  | { do: 'aim'; stream: number; target: number }
  /** No more comes for now. */
  | { do: 'finish'; stream: number }
  | { do: 'forget'; stream: number };

/** From the play processor, some 40 times a second. */
export interface PlayReport {
  /** Seconds of the context. */
  time: number;
  voices: { stream: number; view: JitterView }[];
}
