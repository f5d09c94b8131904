// The microphone: frames of 20 ms at 48 kHz. Turned off, its track is stopped: the browser's light goes out.
import type { CapturedFrame } from './worklet/messages';
import { CAPTURE } from './worklet/messages';
import { openSound } from './sound';

/** ms: of performance.now(), when the last sample was told. */
type Heard = (samples: CapturedFrame, ms: number) => void;

export class Microphone {
  private context: AudioContext | null = null;
  private node: AudioWorkletNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private turn = 0; // of connecting: what was let go meanwhile is not connected

  constructor(private readonly heard: Heard) {}

  /** Rejects when this browser cannot. */
  async connect(stream: MediaStream): Promise<void> {
    this.disconnect();
    const turn = ++this.turn;
    const source = await this.sourceOf(stream);
    if (turn !== this.turn) return;
    const { context } = source;
    const node = new AudioWorkletNode(context, CAPTURE, {
      numberOfOutputs: 1,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<CapturedFrame>) => this.heard(data, performance.now());
    // Its output is silence; without one it would not run.
    source.connect(node).connect(context.destination);
    this.node = node;
    this.source = source;
    await (context as AudioContext).resume();
  }

  private async sourceOf(stream: MediaStream): Promise<MediaStreamAudioSourceNode> {
    this.context ??= await openSound();
    try {
      return this.context.createMediaStreamSource(stream);
    } catch {
      // Some browsers connect a microphone only to a context of its own rate; the worklet resamples.
      void this.context.close();
      this.context = await openSound(null);
      return this.context.createMediaStreamSource(stream);
    }
  }

  disconnect(): void {
    this.turn++;
    if (this.node) this.node.port.onmessage = null;
    this.source?.disconnect();
    this.node?.disconnect();
    this.node = this.source = null;
    void this.context?.suspend();
  }

  close(): void {
    this.disconnect();
    void this.context?.close();
    this.context = null;
  }
}
