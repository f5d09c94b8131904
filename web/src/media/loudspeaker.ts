// The sound of this page: an audio context that a press has started, the mixing worklet in it, the volume.
import { openSound } from './sound';
import type { Sound } from './types';
import { PLAY, type PlayOrder, type PlayReport } from './worklet/messages';

const RESUME_MS = 3_000; // some browsers never say that there is no device

// Firefox on Linux can freeze the page for good when it is asked for the output's latency: it holds its graph's lock
// while it asks PulseAudio, whose callback waits for a worklet that waits for that lock. What it asks PulseAudio for is assumed.
const ASKING_FREEZES = /Linux.*Firefox/.test(navigator.userAgent);
const ASSUMED_LATENCY_S = 0.04;

export class Loudspeaker {
  private context: AudioContext | null = null;
  private node: AudioWorkletNode | null = null;
  private gain: GainNode | null = null;
  private volume = 1;
  private wanted = false;

  constructor(
    private readonly report: (report: PlayReport) => void,
    private readonly changed: () => void,
  ) {}

  get sound(): Sound {
    if (!('AudioDecoder' in globalThis && 'AudioWorkletNode' in globalThis)) return 'unsupported';
    if (!this.wanted || !this.context || !this.node) return 'waiting';
    const state: string = this.context.state;
    return state === 'running' ? 'on' : state === 'interrupted' ? 'interrupted' : 'waiting';
  }

  async start(): Promise<Sound> {
    if (this.sound === 'unsupported') return 'unsupported';
    this.wanted = true;
    likeMedia();
    try {
      await this.open();
      await this.resume();
    } catch {
      // It stays off: 'waiting'.
    }
    this.changed();
    return this.sound;
  }

  private async open(): Promise<void> {
    if (this.context) return;
    const opening = openSound();
    const context = await opening;
    if (this.context) return void context.close(); // pressed twice
    this.context = context;
    context.onstatechange = () => this.stateChanged();
    this.node = new AudioWorkletNode(context, PLAY, { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.port.onmessage = ({ data }: MessageEvent<PlayReport>) => this.report(data);
    this.gain = new GainNode(context, { gain: this.volume });
    this.node.connect(this.gain).connect(context.destination);
  }

  private async resume(): Promise<void> {
    const { context } = this;
    // Never out of "interrupted": that ends by itself, and asking breaks it on phones.
    if (context?.state !== 'suspended') return;
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_MS))]);
  }

  private stateChanged(): void {
    if (this.wanted) this.resume().catch(() => undefined);
    this.changed();
  }

  stop(): void {
    this.wanted = false;
    void this.context?.suspend();
    this.changed();
  }

  setVolume(volume: number): void {
    this.volume = Math.min(1, Math.max(0, volume));
    if (this.gain && this.context) this.gain.gain.setTargetAtTime(this.volume, this.context.currentTime, 0.02);
  }

  order(order: PlayOrder): void {
    this.node?.port.postMessage(order, order.do === 'put' ? [order.samples.buffer] : []);
  }

  /** The moment (of performance.now()) at which what the context renders at `time` is heard. */
  heardAt(time: number): number {
    const { context } = this;
    if (!context) return performance.now();
    const rendered = performance.now() + (time - context.currentTime) * 1000;
    if (ASKING_FREEZES) return rendered + ASSUMED_LATENCY_S * 1000;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    if (performanceTime && contextTime !== undefined) return performanceTime + (time - contextTime) * 1000;
    return rendered + (context.outputLatency || 0) * 1000;
  }

  close(): void {
    this.wanted = false;
    if (this.context) this.context.onstatechange = null;
    void this.context?.close();
    this.context = this.node = this.gain = null;
  }
}

/** On iPhones: heard with the silent switch on, and with the screen off. */
function likeMedia(): void {
  const { audioSession } = navigator as { audioSession?: { type: string } };
  if (audioSession) audioSession.type = 'playback';
}
