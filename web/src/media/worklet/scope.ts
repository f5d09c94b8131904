// What an audio worklet sees, which TypeScript's own library does not say.

export interface Processor {
  readonly port: MessagePort;
}

declare const AudioWorkletProcessor: new () => Processor;
declare const currentTime: number;
declare const sampleRate: number;
declare function registerProcessor(name: string, of: new () => Processor): void;

export const Base = AudioWorkletProcessor;
export const register = registerProcessor;
export const rate = sampleRate;
/** Seconds of the context, of the first sample of this block. */
export const contextTime = (): number => currentTime;
